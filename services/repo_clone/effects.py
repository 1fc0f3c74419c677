"""Stage 1's effects: resolve, fetch, scan, store."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from services.repo_clone.clones import Clones
from services.repo_clone.core import Action, Outcome
from services.repo_clone.core import Scanned as Stored
from services.repo_clone.repository import Repository, TreeFile
from services.repo_clone.resolve import Target, open_remote, resolve
from services.repo_clone.scan import Scan, media_type_of, plan_reading, scan
from shared.blobs import Blobs
from shared.docs.formats import format_of
from shared.errors import PermanentError
from shared.events import BlobRef
from shared.events.gateway import RepoCloneRequested
from shared.payloads import FileEntry, FolderEntry, FolderListing, Listing, NavigationItem, NavigationPayload
from shared.source_address import AddressRefused, SourceAddress, parse_address
from shared.stage_port import Run

_PUTS_AT_A_TIME = 16


@dataclass(frozen=True)
class RepoCloneEffects:
    """Performs stage 1's action. Local paths and plain http are settings, off unless the operator says otherwise."""

    blobs: Blobs
    clones: Clones
    allow_local: bool
    allow_http: bool

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Outcome, None]:
        """See Effects.perform."""
        request = action.request
        address = parse_address(request.repo_url, allow_local=self.allow_local, allow_http=self.allow_http)
        await run.progress("Looking up the repository", 5)
        remote = await open_remote(address)
        target = await resolve(self.clones.git, remote, request.ref)
        await run.progress("Cloning repository", 20)
        loop = asyncio.get_running_loop()
        told: set[asyncio.Task[None]] = set()

        def tell(step: str, percent: int) -> None:
            async def say() -> None:
                await run.progress(f"{step} {percent} %", 20 + percent * 40 // 100)

            task = loop.create_task(say())
            told.add(task)
            task.add_done_callback(told.discard)

        repository = await self.clones.obtain(request.owner, request.credential_id, target, tell)
        await run.progress("Scanning files", 60)
        found, contents = await self._scan(repository)
        await run.progress("Saving files", 80)
        yield await self._store(request, address, target, repository, found, contents)

    async def _scan(self, repository: Repository) -> tuple[Scan, dict[str, bytes]]:
        """The listing, and the bytes of everything that is kept."""
        files = await repository.files()
        reasons, navigation = plan_reading(files)
        wanted = {path for path, reason in reasons.items() if not reason} | set(navigation)
        contents = await _read(repository, files, wanted)
        found = await asyncio.to_thread(scan, files, reasons, contents)
        if not any(file.is_documentation for file in found.files):
            raise PermanentError(
                "The repository has no documentation: no Markdown, reStructuredText, AsciiDoc, notebooks or text",
                code="no_documentation",
            )
        contents |= await _read(repository, files, set(found.kept) - set(contents))
        return found, contents

    async def _store(
        self,
        request: RepoCloneRequested,
        address: SourceAddress,
        target: Target,
        repository: Repository,
        found: Scan,
        contents: dict[str, bytes],
    ) -> Stored:
        course_id = request.course_id
        refs = await self._put_all(course_id, {path: contents[path] for path in sorted(found.kept)})
        entries = tuple(
            FileEntry(
                path=file.shown_path, size=file.size, git_blob=file.git_blob, kind=file.kind,
                is_documentation=file.is_documentation, is_overview_candidate=file.is_overview_candidate,
                doc_format=(format_of(file.path) or "") if file.is_documentation else "", reason=file.reason,
                blob=refs.get(file.path), includes=file.includes,
            )
            for file in found.files
        )  # fmt: skip
        commit = await repository.commit()
        folders = _folders(entries)
        navigation = NavigationPayload(
            origin=found.navigation.origin,
            entries=tuple(NavigationItem(title=e.title, path=e.path, depth=e.depth) for e in found.navigation.entries),
        )
        listing = Listing(source_id=request.source_id, commit=commit, files=entries)
        return Stored(
            canonical_url=await self._canonical(address, target, repository),
            ref=target.ref,
            commit=commit,
            default_branch=target.default_branch,
            repo_name=address.name,
            files=await self.blobs.put_model(course_id, listing),
            folders=await self.blobs.put_model(course_id, FolderListing(folders)),
            navigation=await self.blobs.put_model(course_id, navigation) if navigation.entries else None,
            file_count=len(entries),
            folder_count=len(folders),
            document_count=sum(entry.is_documentation for entry in entries),
            bytes_fetched=await repository.bytes_on_disk(),
        )

    async def _put_all(self, course_id: str, contents: dict[str, bytes]) -> dict[str, BlobRef]:
        slots = asyncio.Semaphore(_PUTS_AT_A_TIME)

        async def put(path: str, data: bytes) -> tuple[str, BlobRef]:
            async with slots:
                return path, await self.blobs.put(course_id, data, media_type_of(path))

        return dict(await asyncio.gather(*(put(path, data) for path, data in contents.items())))

    async def _canonical(self, address: SourceAddress, target: Target, repository: Repository) -> str:
        """Where the source is for everybody: a local path becomes its origin's https address, or a hash."""
        if address.kind != "local":
            return address.canonical
        origin = await repository.origin_of(target.remote)
        try:
            return parse_address(origin, allow_local=False).canonical
        except AddressRefused:
            return f"local:{await repository.root_commit_of(target.remote)}"


async def _read(repository: Repository, files: list[TreeFile], paths: set[str]) -> dict[str, bytes]:
    wanted = [file for file in files if file.path in paths and file.size is not None]
    blobs = await repository.read(sorted({file.git_blob for file in wanted}))
    return {file.path: blobs[file.git_blob] for file in wanted}


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
