"""One sample of every event, shipped with the contract: what a subscriber will see, and what golden files keep."""

from datetime import UTC, datetime

from .base import BlobRef, Event, EventUsage, LicenceFacts
from .classroom import (
    ApiKeyIssued,
    ApiKeyRevoked,
    BatchChanged,
    BatchDeleted,
    BatchMade,
    CohortCourseRemoved,
    CohortCourseSet,
    CohortDeleted,
    CohortMemberAdded,
    CohortMemberRemoved,
    CohortOpened,
    CohortRenamed,
    Criterion,
    Drip,
    FileNamed,
    IdentityLinked,
    OrgDeleted,
    OrgFounded,
    OrgMemberAdded,
    OrgMemberRemoved,
    OrgRenamed,
    PersonAdded,
    PersonDeleted,
    PersonNamed,
    ScorecardWritten,
    SessionsEnded,
)
from .content import (
    Assignment,
    Block,
    ContentCreated,
    ContentErased,
    ContentHidden,
    ContentRenamed,
    ContentRestored,
    EditionTaken,
    Evaluation,
    GenerationAsked,
    GenerationBegun,
    GenerationEnded,
    Link,
    MilestoneDeleted,
    MilestonesOrdered,
    MilestoneWritten,
    Option,
    Question,
    TaskDeleted,
    TaskMade,
    TaskOpened,
    TaskPlaced,
    TaskRestored,
    TasksOrdered,
    TaskTakenOut,
    TaskWritten,
    Words,
)
from .doc_analyser import DocsAnalysed, DocsAnalysisFailed, DocsAnalysisStarted, DocumentAnalysed, DocumentSkipped
from .documents import DocumentRead, DocumentRefused, DocumentsFailed, DocumentsRead, DocumentsStarted
from .gateway import (
    CourseCreated,
    CourseDeleted,
    CourseUpdated,
    DocsAnalysisRequested,
    DocumentAsked,
    DocumentDeleted,
    DocumentRevised,
    DocumentsRequested,
    DocumentUploaded,
    GenerationCanceled,
    GenerationRequested,
    LectureAdded,
    LectureAsked,
    LectureRemoved,
    LecturesRequested,
    ModulesRequested,
    PathwayAdded,
    PathwayDeleted,
    PathwayRevised,
    PathwaySelected,
    PathwaysRequested,
    RepoCloneRequested,
    SourceFacts,
    SourceSelection,
    SourcesSelected,
    StageCancelRequested,
)
from .learner import (
    Answer,
    AnswerGiven,
    AnswerGraded,
    ChatCleared,
    ChatKept,
    ChatMessage,
    Code,
    CodeKept,
    ExamStarted,
    LearnerBegan,
    LearnerErased,
    Score,
    TaskCompleted,
)
from .lectures import (
    LectureFetched,
    LectureRefused,
    LecturesFailed,
    LecturesStarted,
    LecturesTranscribed,
    LectureTranscribed,
)
from .modules import CourseGenerated, ExportRef, ModuleRejected, ModulesFailed, ModulesStarted, ModuleWritten
from .notifier import DayClosed
from .pathway import PathwayProposed, PathwaysFailed, PathwaysProposed, PathwaysStarted
from .recording import RecordingErased, RecordingFetched, RecordingLinked, RecordingUnlinked
from .repo_clone import RepoCloned, RepoCloneFailed, RepoCloneStarted
from .stage import StageCanceled, StageDead, StageRetryScheduled

RECORDING = "r" + "0a1b2c3d" * 6
COURSE = "019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f"
RUN = "3f2b8c1d-9e4a-5b6c-8d7e-1f2a3b4c5d6e"
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
COMMIT = "1d038f270701498433cb432f54db89f95f07a845"
PERSON, ADMIN, ORG = (f"019a5e3c-8a{n}f-7c2d-8e4f-5a6b7c8d9e0f" for n in range(3))
COHORT, BATCH, KEY = (f"019a5e3c-9a{n}f-7c2d-8e4f-5a6b7c8d9e0f" for n in range(3))
CONTENT, MILESTONE, TASK, QUESTION, SCORECARD, LEARNER = (f"019a5e3c-aa{n}f-7c2d-8e4f-5a6b7c8d9e0f" for n in range(6))
OWNER = "auth0|5f7c8ec7c33c6c004bbafe82"


def _ref(media_type: str = "application/json") -> BlobRef:
    return BlobRef(key=f"courses/{COURSE}/{SHA[:2]}/{SHA}", sha256=SHA, size=1432, media_type=media_type)


_USAGE = EventUsage(
    model="claude-sonnet", calls=1, input_tokens=5210, output_tokens=640, cached_tokens=4800, estimated_cost_usd=0.0126
)

SAMPLES: tuple[Event, ...] = (
    CourseCreated(course_id=COURSE, owner=OWNER, title="Learn Click", description="For new colleagues"),
    CourseUpdated(course_id=COURSE, title="Click from the start"),
    CourseDeleted(course_id=COURSE, by=OWNER),
    GenerationRequested(course_id=COURSE, repo_url="https://github.com/pallets/click", complexity_level="beginner"),
    RepoCloneRequested(
        course_id=COURSE, run_id=RUN, repo_url="https://github.com/pallets/click", ref="main", owner=OWNER,
    ),
    DocumentUploaded(
        course_id=COURSE, document_id="u0a1b2c3d4e5f", file_name="notes.pdf", path="notes.pdf.md",
        blob=_ref("application/pdf"), licence=LicenceFacts(spdx="CC-BY-4.0", sharing="allowed"),
    ),
    DocumentDeleted(course_id=COURSE, document_id="u0a1b2c3d4e5f", by=OWNER),
    DocumentsRequested(
        course_id=COURSE, run_id=RUN, owner=OWNER,
        documents=[
            DocumentAsked(
                document_id="u0a1b2c3d4e5f", file_name="notes.pdf", path="notes.pdf.md", blob=_ref("application/pdf")
            )
        ],
    ),
    LectureAdded(
        course_id=COURSE, lecture_id="l0a1b2c3d4e5f", session_id="week-1", title="Queues", file_name="week-1.mp4",
        path="week-1.mp4.md", captions=_ref("text/vtt"), recording=_ref("video/mp4"),
        licence=LicenceFacts(spdx="CC-BY-4.0", sharing="allowed"),
    ),
    LectureRemoved(course_id=COURSE, lecture_id="l0a1b2c3d4e5f", by=OWNER),
    LecturesRequested(
        course_id=COURSE, run_id=RUN, owner=OWNER,
        lectures=[
            LectureAsked(
                lecture_id="l0a1b2c3d4e5f", title="Queues", path="week-1.mp4.md", captions=_ref("text/vtt"),
                recording=_ref("video/mp4"),
            )
        ],
    ),
    SourcesSelected(
        course_id=COURSE,
        selections=[SourceSelection(source_id="s0c1d2e3f4a5b", folders=["docs"], overview_document="README.md")],
    ),
    DocsAnalysisRequested(
        course_id=COURSE, run_id=RUN, owner=OWNER, complexity_level="beginner", documents=_ref(), documents_planned=33,
        project_name="click", overview_document="README.md", navigation=_ref(),
    ),
    DocumentRevised(course_id=COURSE, document_id="d0a1b2c3d4e5f", title="Options", complexity_level="beginner"),
    PathwaysRequested(
        course_id=COURSE, run_id=RUN, owner=OWNER, complexity_level="beginner", analyses=_ref(), project_name="click"
    ),
    PathwayRevised(
        course_id=COURSE, pathway_id="p0a1b2c3d4e5f", title="All of click", description="Every topic in order.",
        pathway=_ref(), change="modules_reordered",
    ),
    PathwayAdded(
        course_id=COURSE, pathway_id="p0b1c2d3e4f5a", kind="task", title="What my team needs",
        description="Two topics for new colleagues.", complexity_level="beginner", minutes=25,
        prerequisites=["Python"], pathway=_ref(),
    ),
    PathwayDeleted(course_id=COURSE, pathway_id="p0a1b2c3d4e5f"),
    PathwaySelected(course_id=COURSE, pathway_id="p0a1b2c3d4e5f"),
    ModulesRequested(
        course_id=COURSE, run_id=RUN, owner=OWNER, course_title="Learn Click",
        sources=[
            SourceFacts(
                source_id="s0c1d2e3f4a5b", name="click", url="https://github.com/pallets/click", ref="main",
                commit=COMMIT,
            )
        ],
        listings={"s0c1d2e3f4a5b": _ref()},
        pathway_id="p0a1b2c3d4e5f", pathways=_ref(), analyses=_ref(), documents=_ref(),
        complexity_level="beginner",
    ),
    StageCancelRequested(course_id=COURSE, run_id=RUN, stage="modules", by=OWNER),
    GenerationCanceled(course_id=COURSE, generation_id=RUN, stage="modules", by=OWNER),
    RepoCloneStarted(course_id=COURSE, run_id=RUN, attempt=1, worker="host-1:4711"),
    RepoCloned(
        course_id=COURSE, run_id=RUN, source_id="s0c1d2e3f4a5b", repo_url="https://github.com/pallets/click",
        canonical_url="https://github.com/pallets/click", ref="main", commit=COMMIT, default_branch="main",
        repo_name="click", files=_ref(), folders=_ref(), navigation=_ref(), file_count=171, folder_count=20,
        document_count=33, bytes_fetched=812345,
    ),
    RepoCloneFailed(
        course_id=COURSE, run_id=RUN, error="repository_empty", message="The repository has no commits yet",
        retryable=False, attempt=1,
    ),
    DocsAnalysisStarted(course_id=COURSE, run_id=RUN, attempt=1, worker="host-1:4711", documents_planned=33),
    DocumentAnalysed(
        course_id=COURSE, run_id=RUN, document_id="d0a1b2c3d4e5f", source_id="s0c1d2e3f4a5b", path="docs/options.md",
        sha256=SHA, title="Options", doc_type="guide", complexity_level="beginner", word_count=1930, analysis=_ref(),
        usage=_USAGE, answer_keys=[SHA],
    ),
    DocumentSkipped(
        course_id=COURSE, run_id=RUN, document_id="d0a1b2c3d4e5f", path="docs/index.md", reason="only links, no prose"
    ),
    DocsAnalysed(course_id=COURSE, run_id=RUN, analysed=32, skipped=1, concepts=41, analyses=_ref(), usage=_USAGE),
    DocsAnalysisFailed(
        course_id=COURSE, run_id=RUN, error="engine_refused", message="The model refused to answer", retryable=True,
        attempt=2,
    ),
    PathwaysStarted(course_id=COURSE, run_id=RUN, attempt=1, worker="host-1:4711"),
    PathwayProposed(
        course_id=COURSE, run_id=RUN, pathway_id="p0a1b2c3d4e5f", kind="complete", title="All of click",
        description="Every topic in order.", complexity_level="beginner", minutes=310, prerequisites=["Basic Python"],
        module_count=10, pathway=_ref(),
    ),
    PathwaysProposed(
        course_id=COURSE, run_id=RUN, pathway_ids=["p0a1b2c3d4e5f", "p1a1b2c3d4e5f", "p2a1b2c3d4e5f"],
        smallest_distance=0.41,
    ),
    PathwaysFailed(
        course_id=COURSE, run_id=RUN, error="no_sections", message="No document has a section to teach",
        retryable=False, attempt=1,
    ),
    ModulesStarted(course_id=COURSE, run_id=RUN, attempt=1, worker="host-1:4711", module_ids=["m0a1b2c3d4e5f"]),
    ModuleWritten(
        course_id=COURSE, run_id=RUN, module_id="m0a1b2c3d4e5f", order=1, title="First steps", content=_ref(),
        gate_report=_ref(), round=1, status="complete", words=1420, items=5, usage=_USAGE, answer_keys=[SHA],
    ),
    ModuleRejected(course_id=COURSE, run_id=RUN, module_id="m0a1b2c3d4e5f", gate_report=_ref(), round=1),
    CourseGenerated(
        course_id=COURSE, run_id=RUN, course_key=RUN, edition=SHA, pathway_id="p0a1b2c3d4e5f", course=_ref(),
        exports=[ExportRef(kind="site", blob=_ref("application/zip"))], quality=_ref(), status="complete", modules=10,
        items=52, usage=_USAGE, title="Learn Click", minutes=320,
    ),
    ModulesFailed(
        course_id=COURSE, run_id=RUN, error="engine_not_configured", message="No key for the model is set",
        retryable=False, attempt=1,
    ),
    DocumentsStarted(course_id=COURSE, run_id=RUN, attempt=1, worker="host-1:4711", documents_planned=1),
    DocumentRead(
        course_id=COURSE, run_id=RUN, document_id="u0a1b2c3d4e5f", source_id="s1c2d3e4f5a6b", path="notes.pdf.md",
        title="Lecture notes", text=_ref("text/markdown"), pages=_ref(), page_count=12, files=_ref(), folders=_ref(),
        reader="pdf-1/pypdfium2-5.15.2", ignored=["JavaScript"], problems=["page 7 has a picture and no text"],
    ),
    DocumentRefused(
        course_id=COURSE, run_id=RUN, document_id="u1a1b2c3d4e5f", error="pdf_encrypted",
        message="The PDF is protected by a password",
    ),
    DocumentsRead(course_id=COURSE, run_id=RUN, read=1, refused=1),
    DocumentsFailed(
        course_id=COURSE, run_id=RUN, error="blobs_unavailable", message="The blob store does not answer",
        retryable=True, attempt=5,
    ),
    LecturesStarted(course_id=COURSE, run_id=RUN, attempt=1, worker="host-1:4711", lectures_planned=1),
    LectureFetched(
        course_id=COURSE, run_id=RUN, lecture_id="l0a1b2c3d4e5f", recording=_ref("video/mp4"), captions=_ref("text/vtt")
    ),
    LectureTranscribed(
        course_id=COURSE, run_id=RUN, lecture_id="l0a1b2c3d4e5f", source_id="s2c2d3e4f5a6b", path="week-1.mp4.md",
        captions=_ref("text/vtt"), text=_ref("text/markdown"), times=_ref(), seconds=3012, files=_ref(), folders=_ref(),
        reader="captions-1/webvtt-py-0.6.0", problems=["14 sounds of thinking (um, uh) stand in the captions"],
    ),
    LectureRefused(
        course_id=COURSE, run_id=RUN, lecture_id="l1a1b2c3d4e5f", error="captions_missing",
        message="The lecture has no captions",
    ),
    LecturesTranscribed(course_id=COURSE, run_id=RUN, transcribed=1, refused=1),
    LecturesFailed(
        course_id=COURSE, run_id=RUN, error="blobs_unavailable", message="The blob store does not answer",
        retryable=True, attempt=5,
    ),
    StageRetryScheduled(
        course_id=COURSE, run_id=RUN, stage="modules", attempt=1,
        not_before=datetime(2026, 1, 1, 12, 0, 5, tzinfo=UTC), delay_seconds=5.0,
        error="engine_busy", message="The model is busy",
    ),
    StageCanceled(course_id=COURSE, run_id=RUN, stage="modules", reason=f"canceled by {OWNER}"),
    StageDead(course_id=COURSE, run_id=RUN, stage="modules", reason="The model is busy"),
    RecordingLinked(
        recording_id=RECORDING, course_id=COURSE, lecture_id="l0a1b2c3d4e5f",
        stream_url="https://video.example.org/week-1.mp4", captions_url="https://video.example.org/week-1.vtt",
    ),
    RecordingFetched(recording_id=RECORDING, recording=_ref("video/mp4"), captions=_ref("text/vtt")),
    RecordingUnlinked(recording_id=RECORDING, course_id=COURSE, lecture_id="l0a1b2c3d4e5f"),
    RecordingErased(recording_id=RECORDING),
    PersonAdded(person_id=PERSON, email="ada@school.example", by=ADMIN),
    PersonNamed(person_id=PERSON, first_name="Ada", middle_name="King", last_name="L.", default_dp_color="#2d6a4f"),
    IdentityLinked(person_id=PERSON, issuer="https://accounts.google.com", subject="110169484474386276334"),
    SessionsEnded(person_id=PERSON, at=datetime(2026, 1, 1, 12, 0, 5, tzinfo=UTC)),
    FileNamed(person_id=PERSON, file_id=KEY, media_type="audio/wav"),
    PersonDeleted(person_id=PERSON, by=PERSON),
    OrgFounded(org_id=ORG, name="Analytical School", slug="analytical", logo_color="#2d6a4f", by=ADMIN),
    OrgRenamed(org_id=ORG, name="School of Engines", by=ADMIN),
    OrgMemberAdded(org_id=ORG, person_id=PERSON, role="admin", by=ADMIN),
    OrgMemberRemoved(org_id=ORG, person_id=PERSON, by=ADMIN),
    ApiKeyIssued(org_id=ORG, key_id=KEY, name="reports", digest=SHA, scopes=["members:read"], by=ADMIN),
    ApiKeyRevoked(org_id=ORG, key_id=KEY, by=ADMIN),
    OrgDeleted(org_id=ORG, by=ADMIN),
    CohortOpened(cohort_id=COHORT, org_id=ORG, name="Autumn", by=ADMIN),
    CohortRenamed(cohort_id=COHORT, name="Autumn 2026", by=ADMIN),
    CohortMemberAdded(cohort_id=COHORT, person_id=PERSON, role="learner", by=ADMIN),
    CohortMemberRemoved(cohort_id=COHORT, person_id=PERSON, by=ADMIN),
    BatchMade(cohort_id=COHORT, batch_id=BATCH, name="Mornings", members=[PERSON], by=ADMIN),
    BatchChanged(cohort_id=COHORT, batch_id=BATCH, name="Evenings", members=[], by=ADMIN),
    BatchDeleted(cohort_id=COHORT, batch_id=BATCH, by=ADMIN),
    CohortDeleted(cohort_id=COHORT, by=ADMIN),
    ScorecardWritten(
        org_id=ORG, scorecard_id=SCORECARD, title="Essays", by=ADMIN,
        criteria=[Criterion(name="Clarity", description="One reading is enough", max_score=5, pass_score=3)],
    ),
    CohortCourseSet(
        cohort_id=COHORT, content_id=CONTENT, by=ADMIN,
        drip=Drip(is_drip_enabled=True, frequency_value=1, frequency_unit="week"),
    ),
    CohortCourseRemoved(cohort_id=COHORT, content_id=CONTENT, by=ADMIN),
    ContentCreated(content_id=CONTENT, org_id=ORG, name="Engines", by=ADMIN),
    ContentRenamed(content_id=CONTENT, name="Engines and notes", by=ADMIN),
    ContentHidden(content_id=CONTENT, by=ADMIN),
    ContentRestored(content_id=CONTENT, by=ADMIN),
    EditionTaken(content_id=CONTENT, course_key="k0123456789ab", edition="e0123456789ab", by=ADMIN),
    GenerationAsked(
        content_id=CONTENT, job_id=KEY, part="structure", course_description="How engines work", file_id=TASK, by=ADMIN,
        file_of=ADMIN,         intended_audience="beginners", instructions="at most two hours",
    ),
    GenerationBegun(content_id=CONTENT, job_id=KEY, course_id=COURSE, by=ADMIN),
    GenerationEnded(content_id=CONTENT, job_id=KEY, part="structure", by=ADMIN),
    MilestoneWritten(content_id=CONTENT, milestone_id=MILESTONE, name="Engines", color="#2d3748", by=ADMIN),
    MilestoneDeleted(content_id=CONTENT, milestone_id=MILESTONE, by=ADMIN),
    MilestonesOrdered(content_id=CONTENT, milestone_ids=[MILESTONE], by=ADMIN),
    TaskMade(content_id=CONTENT, task_id=TASK, milestone_id=MILESTONE, type="quiz", title="Loops", by=ADMIN),
    TaskPlaced(content_id=CONTENT, task_id=TASK, milestone_id=MILESTONE, home_id=CONTENT, by=ADMIN),
    TaskTakenOut(content_id=CONTENT, task_id=TASK, by=ADMIN),
    TasksOrdered(content_id=CONTENT, task_ids=[TASK], by=ADMIN),
    TaskWritten(
        content_id=CONTENT, task_id=TASK, title="Loops", status="published", by=ADMIN, time_limit_seconds=600,
        blocks=[Block(id="b1", type="paragraph", content=[Words(text="Read "), Link(href="https://x.example/")])],
        questions=[
            Question(
                id=QUESTION, type="objective", title="Which loop ends?", answer_kind="choice", key=["o1"],
                options=[Option(id="o1", text="for", feedback="Yes"), Option(id="o2", text="while True")],
                response_type="exam", max_attempts=1, scorecard_id=SCORECARD,
            )
        ],
        assignment=Assignment(evaluation_criteria=Evaluation(max_score=5, pass_score=3)),
    ),
    TaskOpened(content_id=CONTENT, task_id=TASK, by="notifier"),
    TaskDeleted(content_id=CONTENT, task_id=TASK, by=ADMIN),
    TaskRestored(content_id=CONTENT, task_id=TASK, by=ADMIN),
    ContentErased(content_id=CONTENT, by=ADMIN),
    LearnerBegan(learner_id=LEARNER, person_id=PERSON, org_id=ORG),
    ExamStarted(learner_id=LEARNER, task_id=TASK, until=datetime(2026, 1, 1, 12, 0, 5, tzinfo=UTC)),
    AnswerGiven(
        learner_id=LEARNER, task_id=TASK, question_id=QUESTION, question_version=1, attempt_id=KEY,
        answer=Answer(chosen=["o1"]), is_right=True, completes=True, objectives=[SCORECARD],
    ),
    AnswerGraded(
        learner_id=LEARNER, task_id=TASK, question_id=QUESTION, attempt_id=KEY, feedback="Clear", passed=True,
        scores=[Score(name="Clarity", score=4)], by=ADMIN,
    ),
    TaskCompleted(learner_id=LEARNER, task_id=TASK),
    ChatKept(
        learner_id=LEARNER, task_id=TASK, question_id=QUESTION,
        messages=[ChatMessage(id=KEY, role="user", content="Why does it not end?", response_type="text")],
    ),
    ChatCleared(learner_id=LEARNER),
    CodeKept(
        learner_id=LEARNER, task_id=TASK, question_id=QUESTION, code=[Code(language="python", value="while True: ...")]
    ),
    LearnerErased(learner_id=LEARNER),
    DayClosed(day_id="2026-01-01", model_calls={"claude-sonnet-5": 12}),
)  # fmt: skip
