"""Stage 1's effects: resolve, fetch, scan, store."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from services.repo_clone.clones import Clones
from services.repo_clone.core import Action, Outcome
from services.repo_clone.found import MANIFEST_NAMES, Scan
from services.repo_clone.git_process import Remote
from services.repo_clone.git_progress import ProgressLine
from services.repo_clone.identity import canonical_url
from services.repo_clone.pictures import media_type_of
from services.repo_clone.reading import read_repository
from services.repo_clone.repository import Repository
from services.repo_clone.resolve import Target, open_remote, resolve
from services.repo_clone.sayings import CredentialRefused
from services.repo_clone.tokens import Tokens
from shared.docs.formats import format_of
from shared.docs.listing import FileEntry, FolderEntry, FolderListing, Listing, NavigationPayload
from shared.events import BlobRef
from shared.events.base import LicenceFacts
from shared.events.gateway import RepoCloneRequested
from shared.events.repo_clone import RepoCloned
from shared.kernel.blobs import Blobs
from shared.kernel.errors import PermanentError, TransientError
from shared.kernel.kill_points import KillPoint, reached
from shared.sources.address import SourceAddress, parse_address, repository_name, source_id_of
from shared.sources.credentials import CredentialAsked
from shared.stage.port import Ask, Run
from shared.workers.away import away
from shared.workers.limits import LimitPassed
from shared.workers.port import Workers

if TYPE_CHECKING:
    from services.repo_clone import licences, manifests
else:
    licences = away("services.repo_clone.licences")
    manifests = away("services.repo_clone.manifests")

_PUTS_AT_A_TIME = 16
_FETCH_FROM, _FETCH_TO = 15, 60


@dataclass(frozen=True)
class Admitted:
    """The addresses that may be fetched from besides https ones of the public network: settings, off by default.
    `inward` names hosts inside this network.
    """

    local: bool = False
    http: bool = False
    inward: frozenset[str] = frozenset()

    def parse(self, text: str) -> SourceAddress:
        """Raises AddressRefused."""
        return parse_address(text, allow_local=self.local, allow_http=self.http, inward=self.inward)


@dataclass(frozen=True)
class RepoCloneEffects:
    """Performs stage 1's action."""

    blobs: Blobs
    clones: Clones
    admitted: Admitted = field(default_factory=Admitted)
    tokens: Tokens = field(default_factory=Tokens)

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Outcome, None]:
        request = action.request
        address = self.admitted.parse(request.repo_url)
        await run.progress("Looking up the repository", 5)
        remote = await self._open(request, address, run.ask)
        async with self._telling_refusals(request, address, run.ask):
            target = await resolve(self.clones.git, remote, request.ref)
        await run.progress("Fetching the repository", _FETCH_FROM)
        tell, told = _teller(run)
        try:
            async with self.clones.lend(request.owner, request.credential_id, target, tell) as repository:
                await asyncio.gather(*told, return_exceptions=True)  # progress is told as well as it can be
                await run.progress("Reading the documentation", _FETCH_TO)
                found, contents = await read_repository(repository, run.workers)
                await run.progress("Saving the documentation", 85)
                name = await name_of(contents, run.workers)
                licence = await licence_of(contents, found, run.workers)
                scanned = await self._store(request, address, target, repository, found, contents)
                yield scanned.model_copy(update={"project_name": name, "licence": licence})
        finally:
            for task in told:
                task.cancel()

    async def _open(self, request: RepoCloneRequested, address: SourceAddress, ask: Ask) -> Remote:
        asked = _credential_of(request, address)
        if asked is not None and address.kind != "https":
            raise PermanentError("A credential is only ever sent over https", code="credential_not_sent")
        secret = None if asked is None else await self.tokens.find(ask, asked)
        return await open_remote(address, secret, self.admitted.inward)

    @contextlib.asynccontextmanager
    async def _telling_refusals(
        self, request: RepoCloneRequested, address: SourceAddress, ask: Ask
    ) -> AsyncIterator[None]:
        """Tell the gateway when the host refuses the credential."""
        try:
            yield
        except CredentialRefused:
            asked = _credential_of(request, address)
            if asked is not None:
                with contextlib.suppress(TransientError):  # the run fails with the reason all the same
                    await self.tokens.tell_revoked(ask, asked)
            raise

    async def _store(
        self,
        request: RepoCloneRequested,
        address: SourceAddress,
        target: Target,
        repository: Repository,
        found: Scan,
        contents: Mapping[str, bytes],
    ) -> RepoCloned:
        course_id = request.course_id
        refs = await self._put_all(course_id, {path: contents[path] for path in sorted(found.kept)})
        entries = await asyncio.to_thread(_entries, found, refs)
        folders = await asyncio.to_thread(_folders, entries)
        navigation = found.navigation
        commit = await repository.commit()
        url = await canonical_url(self.clones.git_at, address, target, commit)
        source_id = source_id_of(url)
        return RepoCloned(
            course_id=course_id,
            run_id=request.run_id,
            repo_url=request.repo_url,
            source_id=source_id,
            canonical_url=url,
            ref=target.ref,
            commit=commit,
            default_branch=target.default_branch,
            repo_name=repository_name(address, url if url.startswith("https://") else ""),
            files=await self.blobs.put_model(course_id, Listing(source_id=source_id, commit=commit, files=entries)),
            folders=await self.blobs.put_model(course_id, FolderListing(folders)),
            navigation=await self.blobs.put_model(course_id, NavigationPayload(navigation))
            if navigation.entries or navigation.site
            else None,
            file_count=len(entries),
            folder_count=len(folders),
            document_count=sum(entry.is_documentation for entry in entries),
            bytes_fetched=await asyncio.to_thread(repository.bytes_on_disk),
        )

    async def _put_all(self, course_id: str, contents: Mapping[str, bytes]) -> dict[str, BlobRef]:
        slots = asyncio.Semaphore(_PUTS_AT_A_TIME)

        async def put(path: str, data: bytes) -> tuple[str, BlobRef]:
            async with slots:
                ref = await self.blobs.put(course_id, data, media_type_of(path))
                reached(KillPoint.effect_half_done, "repo_clone")
                return path, ref

        return dict(await asyncio.gather(*(put(path, data) for path, data in contents.items())))


async def name_of(contents: Mapping[str, bytes], workers: Workers) -> str:
    """The name the project gives itself; "" when it gives none, or to find it takes too long."""
    present = {name: contents[name] for name in MANIFEST_NAMES if name in contents}
    try:
        return await workers.run(partial(manifests.declared_name, present), str, about="The project's name")
    except LimitPassed:
        return ""


async def licence_of(contents: Mapping[str, bytes], found: Scan, workers: Workers) -> LicenceFacts:
    """The licence of the documentation; an unknown one when to find it takes too long."""
    documents = [file.path for file in found.files if file.is_documentation]
    about = "The licence"
    try:
        named = await workers.run(partial(licences.list_licence_files, list(contents)), list[str], about=about)
        readmes = [path for path in contents if path.lower().startswith("readme")]
        wanted = {path: contents[path] for path in [*named, *MANIFEST_NAMES, *readmes] if path in contents}
        return await workers.run(partial(licences.find_licence, wanted, documents), LicenceFacts, about=about)
    except LimitPassed:
        return LicenceFacts()


def _credential_of(request: RepoCloneRequested, address: SourceAddress) -> CredentialAsked | None:
    if request.credential_id is None:
        return None
    return CredentialAsked(owner=request.owner, credential_id=request.credential_id, host=address.authority)


def _teller(run: Run) -> tuple[ProgressLine, set[asyncio.Task[None]]]:
    """The listener for git's progress: "Receiving objects 45 %". Telling it must not hold up the fetch."""
    loop = asyncio.get_running_loop()
    told: set[asyncio.Task[None]] = set()
    shares = {"Counting objects": (0, 5), "Compressing objects": (5, 15), "Receiving objects": (15, 85)}

    async def say(step: str, percent: int) -> None:
        await run.progress(step, percent)

    def tell(step: str, percent: int) -> None:
        low, high = shares.get(step, (85, 100))
        share = (low + percent * (high - low) // 100) / 100
        task = loop.create_task(say(f"{step} {percent} %", _FETCH_FROM + int(share * (_FETCH_TO - _FETCH_FROM))))
        told.add(task)
        task.add_done_callback(told.discard)

    return tell, told


def _entries(found: Scan, refs: Mapping[str, BlobRef]) -> tuple[FileEntry, ...]:
    return tuple(
        FileEntry(
            path=file.shown_path, size=file.size, git_blob=file.git_blob, kind=file.kind,
            is_documentation=file.is_documentation, is_overview_candidate=file.is_overview_candidate,
            doc_format=(format_of(file.path) or "") if file.is_documentation else "", reason=file.reason,
            blob=refs.get(file.path), includes=file.includes,
        )
        for file in found.files
    )  # fmt: skip


def _folders(entries: tuple[FileEntry, ...]) -> tuple[FolderEntry, ...]:
    """Every folder with the documentation files at any depth below it."""
    documents: Counter[str] = Counter()
    names: set[str] = set()
    for entry in entries:
        parts = entry.path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            names.add(folder)
            documents[folder] += entry.is_documentation
    return tuple(FolderEntry(path=name, documents=documents[name]) for name in sorted(names))
