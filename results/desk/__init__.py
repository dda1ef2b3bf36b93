"""The publishing API: the functions that publish everything readers see.

Each runs in one transaction under the night's lock, creates one numbered bulletin and records its
answer. A request has `by`, the user who is responsible for it, and an `idempotency_key`, made once
per request by the form, the phone or the file; the same key from the same user gets the same
answer. All raise before anything is written:

- `ValidationRefused` for impossible ballot counts, for unlikely ones without a reason, and for
  missing text;
- `StaleRevision` where the contest is not at the request's `base_revision` any more;
- `IdempotencyKeyReused` where the key came with another request before;
- `TakenBack` where its sender took the request back before it had an answer;
- `BallotPaperChanged` where candidates were renamed, added or removed since the form was opened;
- `ReportedSince` where a phone held back a status or a time, and a newer one was published;
- `NightClosed` and `PollPostponed` where nothing is published from the counts any more;
- `ElectionNotPublic` where readers do not see the election at all;
- `PictureUnreadable` where the stored file of a photo is missing, or may not be read;
- `InvalidTransition` where the step cannot follow the contest's state.
"""

from results.desk.audit import record_action
from results.desk.ballot_papers import BallotPaperChanged, change_since
from results.desk.chain import record_restore, state_facts
from results.desk.close_of_poll import (
    close_of_poll_was_moved,
    publish_close_of_poll,
    publish_closes_of_poll,
)
from results.desk.contents import (
    Content,
    ExternalFiguresContent,
    HeadlineContent,
    PhotoContent,
    PostContent,
    QuoteContent,
)
from results.desk.contest_merge import (
    ContestMergeEffects,
    merge_contests,
    preview_contest_merge,
)
from results.desk.corrected_details import (
    contests_corrected,
    correct_details,
    correct_election,
    differs_from_published,
)
from results.desk.count_submissions import submit, submit_notice, submit_photo
from results.desk.counts import Verification, report_status, republish, start_new_epoch
from results.desk.disagreements import Disagreement, find_disagreements
from results.desk.erasures import Erasure, withdraw_for_good
from results.desk.errors import (
    DeskError,
    ElectionNotPublic,
    IdempotencyKeyReused,
    InvalidTransition,
    NightClosed,
    PictureUnreadable,
    PollPostponed,
    StaleRevision,
    TakenBack,
    ValidationRefused,
)
from results.desk.expected_times import ExpectedCount, set_expected_counts
from results.desk.followed import Followed, find_later, follow, take_back
from results.desk.intents import Intent
from results.desk.late_statuses import ReportedSince
from results.desk.party_merge import PartyMergeEffects, merge_parties, preview_party_merge
from results.desk.polls_not_held import UnpublishedPoll, published_statuses, unpublished_polls
from results.desk.publications import publish, withdraw_publication, withdraw_standing
from results.desk.published_contents import stated_of
from results.desk.publishing import (
    BATCH,
    PublishResult,
    SubmitResult,
    batch,
    in_batches,
    lock_all_nights,
)
from results.desk.reopening import reopen
from results.desk.review import can_publish_unreviewed, reason_for_review
from results.desk.review_items import find_earlier_answer
from results.desk.review_queue import (
    approve,
    close_review_item,
    decline,
    queue_for_review,
    request_correction,
)
from results.desk.revision_requests import RevisionRequest
from results.desk.revision_writing import summary_in_active_language
from results.desk.revisions import (
    follow_link,
    follow_regions,
    publish_result,
    publish_unopposed,
)
from results.desk.stated_facts import stated_election
from results.desk.submitted_results import submit_result
from results.desk.verifying import mark_verified
from results.desk.visibility import (
    choose_front,
    delete_draft,
    delete_whole,
    locked_election,
    publish_election,
    withdraw_election,
)

__all__ = [
    "BATCH",
    "BallotPaperChanged",
    "Content",
    "ContestMergeEffects",
    "DeskError",
    "Disagreement",
    "ElectionNotPublic",
    "Erasure",
    "ExpectedCount",
    "ExternalFiguresContent",
    "Followed",
    "HeadlineContent",
    "IdempotencyKeyReused",
    "Intent",
    "InvalidTransition",
    "NightClosed",
    "PartyMergeEffects",
    "PhotoContent",
    "PictureUnreadable",
    "PollPostponed",
    "PostContent",
    "PublishResult",
    "QuoteContent",
    "ReportedSince",
    "RevisionRequest",
    "StaleRevision",
    "SubmitResult",
    "TakenBack",
    "UnpublishedPoll",
    "ValidationRefused",
    "Verification",
    "approve",
    "batch",
    "can_publish_unreviewed",
    "change_since",
    "choose_front",
    "close_of_poll_was_moved",
    "close_review_item",
    "contests_corrected",
    "correct_details",
    "correct_election",
    "decline",
    "delete_draft",
    "delete_whole",
    "differs_from_published",
    "find_disagreements",
    "find_earlier_answer",
    "find_later",
    "follow",
    "follow_link",
    "follow_regions",
    "in_batches",
    "lock_all_nights",
    "locked_election",
    "mark_verified",
    "merge_contests",
    "merge_parties",
    "preview_contest_merge",
    "preview_party_merge",
    "publish",
    "publish_close_of_poll",
    "publish_closes_of_poll",
    "publish_election",
    "publish_result",
    "publish_unopposed",
    "published_statuses",
    "queue_for_review",
    "reason_for_review",
    "record_action",
    "record_restore",
    "reopen",
    "report_status",
    "republish",
    "request_correction",
    "set_expected_counts",
    "start_new_epoch",
    "state_facts",
    "stated_election",
    "stated_of",
    "submit",
    "submit_notice",
    "submit_photo",
    "submit_result",
    "summary_in_active_language",
    "take_back",
    "unpublished_polls",
    "withdraw_election",
    "withdraw_for_good",
    "withdraw_publication",
    "withdraw_standing",
]
