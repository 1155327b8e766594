"""review(source, options) -> Review: the only module that knows the order of the stages.

Read in bulk, pair what changed its name, compare, judge renamed ids over each test, group. Parsed documents are let go
as soon as their pair is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from recdiff import formats
from recdiff.candidates import Candidates
from recdiff.comparing.recordings import compare_recordings
from recdiff.errors import NotARecordingError, ObjectError, UnreadableError
from recdiff.formats import plain
from recdiff.grouping import group_changes
from recdiff.jsonvalue import loads
from recdiff.judging import Compared, about, judged, keep_samples
from recdiff.model import FileReview, PairedBy, Recording, Review, Status
from recdiff.rules.config import ProjectConfig
from recdiff.rules.engine import RuleSet
from recdiff.rules.patterns import matcher
from recdiff.rules.project import project_config
from recdiff.sources.base import ChangedFile, FileVersion, Source

if TYPE_CHECKING:
    from recdiff.pairing import Match
    from recdiff.pairing.traits import Traits

Progress = Callable[[int, int], None]
"""Told how many of how many files are done."""
Found = Callable[[FileReview], None]
"""Told of each file as soon as it is compared: before the ids of its whole test are judged, and before any group."""

_SHELF = 24_000_000
"""Bytes of files whose parsed form is kept while their pair is looked for; beyond that they are parsed again."""


class Options(NamedTuple):
    """How to review. `trace` lists every hidden leaf; `samples` lists as many as that of each rule in each file, of
    differences that are not alike; `synopses` tells what each lone recording asked and got, `fingerprints` names what
    it says; `every_file` takes files that no format knows as plain JSON.
    """

    config: ProjectConfig = ProjectConfig()
    trace: bool = False
    synopses: bool = True
    every_file: bool = False
    rules_changed: tuple[str, ...] = ()
    progress: Progress | None = None
    fingerprints: bool = False
    found: Found | None = None
    samples: int = 0


OPTIONS = Options()


@dataclass(slots=True)
class _Lone:
    """One file that only one side has: its bytes, and its parsed form while the shelf has room."""

    path: str
    data: bytes
    format: str
    test_id: str | None
    recording: Recording | None
    traits: Traits | None
    """What pairing looks at; None where only one side has files alone."""


class _Doubtful(NamedTuple):
    """A file that no format knows, with what was wrong on either side."""

    changed: ChangedFile
    old: bytes | None
    new: bytes | None
    sides: tuple[Recording | UnreadableError | None, Recording | UnreadableError | None]

    @property
    def errors(self) -> list[UnreadableError]:
        """What was wrong, the old side first."""
        return [side for side in self.sides if isinstance(side, UnreadableError)]


def review(source: Source, options: Options) -> Review:
    """Review all that differs between the two sides of a source. Raises GitError where the source cannot be read."""
    return _Reviewing(source, options).run()


def review_project(source: Source, given: str | None = None, options: Options = OPTIONS) -> Review:
    """Review a source by the project's own rules, or by those of the file that is given, and say how they changed.

    Raises RulesError for rules that are wrong, UsageError for a file that cannot be read, GitError.
    """
    config, rules_changed = project_config(source, given)
    return review(source, options._replace(config=config, rules_changed=rules_changed))


class _Reviewing:
    def __init__(self, source: Source, options: Options) -> None:
        self.source = source
        self.options = options
        self.rules = RuleSet(options.config.rules, options.config.disabled)
        self.samples = 0 if options.trace else max(options.samples, 0)
        patterns = options.config.recordings
        self.candidates = Candidates(matcher(patterns) if patterns else None)
        self.compared: list[Compared] = []
        self.others: list[str] = []
        self.may_pair = False
        self.done = 0
        self.total = 0
        self.room = _SHELF
        self.doubtful: list[_Doubtful] = []

    def run(self) -> Review:
        listing = self.source.listing()
        worth = [readable for changed in listing.files if (readable := self._readable(changed))]
        versions = [version for changed in worth for version in (changed.old, changed.new) if version]
        notes = [*listing.notes, *self._prefetch(versions)]
        self.total = len(worth)
        self.may_pair = any(c.new is None for c in worth) and any(c.old is None for c in worth)
        removed, added = self._read(worth, versions)
        self._pair(removed, added)
        self._settle_doubtful()
        found = judged(self.compared, self.rules, self.samples)
        files = tuple(sorted(found, key=lambda entry: (entry.path, entry.old_path or "")))
        files, groups = group_changes(files)
        return Review(
            label=self.source.label,
            old=self.source.old_label,
            new=self.source.new_label,
            files=files,
            groups=groups,
            skipped=len(self.others),
            others=tuple(self.others),
            notes=tuple(notes),
            rules_changed=self.options.rules_changed,
        )

    def _prefetch(self, versions: Sequence[FileVersion]) -> list[str]:
        """Ask a partial clone's remote for all blobs at once; without it, files that are here are still reviewed."""
        try:
            self.source.prefetch(versions)
        except ObjectError as error:
            return [f"not every recording could be fetched: {error}"]
        return []

    def _readable(self, changed: ChangedFile) -> ChangedFile | None:
        """What of a file is to be read: sides that are links or submodules are not followed, as if they were not there.

        None where nothing is left, or no side may be a recording by its name.
        """
        old, new = (version if version and version.is_file else None for version in (changed.old, changed.new))
        named = self.options.every_file or self.candidates.is_worth_reading(changed)
        if named and (old or new):
            return changed._replace(old=old, new=new) if (old, new) != (changed.old, changed.new) else changed
        self.others.append(changed.path)
        return None

    def _step(self) -> None:
        self.done += 1
        if self.options.progress:
            self.options.progress(self.done, self.total)

    # Reading

    def _read(self, worth: Sequence[ChangedFile], versions: Iterable[FileVersion]) -> tuple[list[_Lone], list[_Lone]]:
        contents = self.source.read(versions)
        removed: list[_Lone] = []
        added: list[_Lone] = []
        for changed in worth:
            old = next(contents)[1] if changed.old else None
            new = next(contents)[1] if changed.new else None
            whole = old is not None and new is not None
            if whole or changed.is_open or isinstance(old or new, UnreadableError):
                self._take_modified(changed, old, new)
            elif old is not None and not isinstance(old, UnreadableError):
                self._take_lone(changed, old, removed)
            elif new is not None and not isinstance(new, UnreadableError):
                self._take_lone(changed, new, added)
            self._step()
        next(contents, None)  # to its end: errors that are kept hold on to this frame, and it to git's child
        return removed, added

    def _take_modified(
        self, changed: ChangedFile, old: bytes | UnreadableError | None, new: bytes | UnreadableError | None
    ) -> None:
        """A file that both sides have, or one that could not be fetched."""
        if changed.is_open:
            self._unreadable(changed, "a merge left it open: settle the conflict first", None, (old, new))
            return
        before = self._load(changed.old.path if changed.old else changed.path, old)
        after = self._load(changed.path, new)
        recordings = [side for side in (before, after) if isinstance(side, Recording)]
        if len(recordings) == 2 and isinstance(before, Recording) and isinstance(after, Recording):
            self.candidates.found(changed.path)
            self._keep(self._compare(before, after, "path", ""))
            return
        if recordings:
            self.candidates.found(changed.path)
            self._unreadable(changed, _reason(before, after), recordings[0], (old, new))
        else:
            before_data, after_data = (side if isinstance(side, bytes) else None for side in (old, new))
            self.doubtful.append(_Doubtful(changed, before_data, after_data, (before, after)))

    def _load(self, path: str, side: bytes | UnreadableError | None) -> Recording | UnreadableError | None:
        if side is None or isinstance(side, UnreadableError):
            return side
        try:
            return formats.load(path, side)
        except UnreadableError as error:
            return error
        except RecursionError:
            return UnreadableError("nested too deeply")
        except Exception as error:  # one file that recdiff stumbles over does not stop the others
            return UnreadableError(_stumbled(error))

    def _take_lone(self, changed: ChangedFile, data: bytes, into: list[_Lone]) -> None:
        recording = self._load(changed.path, data)
        if not isinstance(recording, Recording):
            assert recording is not None
            sides: tuple[bytes | None, bytes | None] = (data, None) if changed.new is None else (None, data)
            broken = (recording, None) if changed.new is None else (None, recording)
            self.doubtful.append(_Doubtful(changed, *sides, broken))
            return
        self.candidates.found(changed.path)
        traits = None
        if self.may_pair:
            from recdiff.pairing.traits import traits_of

            try:
                traits = traits_of(recording)
            except Exception as error:
                self._unreadable(changed, _stumbled(error), recording, (data,))
                return
        self.room -= len(data)
        into.append(
            _Lone(
                path=changed.path,
                data=data,
                format=recording.format,
                test_id=recording.test_id,
                recording=recording if self.room > 0 else None,
                traits=traits,
            )
        )

    # Comparing

    def _compare(self, old: Recording, new: Recording, paired_by: PairedBy, why: str) -> Compared:
        found = Compared(old.path, new.path, paired_by, why, None, old.test_id)
        try:
            found.ledger = compare_recordings(old, new, self.rules, trace=self.options.trace or self.samples > 0)
            if self.samples:
                keep_samples(found.ledger, self.samples)
        except RecursionError:
            found.error = "nested too deeply to compare"
        except Exception as error:
            found.error = _stumbled(error)
        found.recording = new._replace(document=None, interactions=(), top={})
        found.about = about(new)
        return found

    def _keep(self, compared: Compared) -> None:
        self.compared.append(compared)
        if self.options.found:
            for entry in judged([compared], self.rules, self.samples):
                self.options.found(entry)

    def _pair(self, removed: list[_Lone], added: list[_Lone]) -> None:
        """Pair deleted with added recordings; what stays alone gets a synopsis."""
        matches = self._matches(removed, added)
        for match in matches:
            old, new = removed[match.old], added[match.new]
            self._keep(self._compare(_recording(old), _recording(new), match.paired_by, match.why))
            old.recording = new.recording = None
        paired_old, paired_new = {match.old for match in matches}, {match.new for match in matches}
        for index, lone in enumerate(removed):
            if index not in paired_old:
                self._alone(lone, "removed")
        for index, lone in enumerate(added):
            if index not in paired_new:
                self._alone(lone, "added")

    def _matches(self, removed: list[_Lone], added: list[_Lone]) -> list[Match]:
        if not removed or not added:
            return []
        from recdiff import pairing  # most reviews of one file have nothing to pair

        def reply_likeness(old: int, new: int) -> float:
            return pairing.reply_likeness(_recording(removed[old]), _recording(added[new]))

        olds, news = ([lone.traits for lone in side if lone.traits] for side in (removed, added))
        return pairing.pair(olds, news, reply_likeness)

    def _alone(self, lone: _Lone, status: Status) -> None:
        synopsis = None
        if self.options.synopses:
            from recdiff.synopsis import synopsis_of  # a JSON report has no use for it

            with suppress(Exception):  # two lines for people are not worth the file's place in the review
                synopsis = synopsis_of(_recording(lone))
        name = ""
        if self.options.fingerprints:
            from recdiff.comparing.normal import fingerprint  # for reviews whose decisions are kept

            try:
                name = fingerprint(_recording(lone), self.rules)
            except Exception:
                name = _name_of_bytes([lone.data])
        entry = FileReview(
            status=status,
            old_path=lone.path if status == "removed" else None,
            new_path=lone.path if status == "added" else None,
            paired_by=None,
            format=lone.format,
            test_id=lone.test_id,
            synopsis=synopsis,
            fingerprint=name,
        )
        self._keep(Compared(entry.old_path, entry.new_path, None, "", None, entry=entry))
        lone.recording = None

    # What could not be read

    def _settle_doubtful(self) -> None:
        """Files that no format knows: a broken recording, JSON that is to be compared as such, or none of ours."""
        for doubt in self.doubtful:
            if not self._is_meant(doubt):
                self.others.append(doubt.changed.path)
            elif not self._compare_plainly(doubt.changed, doubt.old, doubt.new):
                self._unreadable(doubt.changed, _reason(*doubt.sides), None, (doubt.old, doubt.new))

    def _is_meant(self, doubt: _Doubtful) -> bool:
        """Whether a file that is no recording to the eye was meant to be one."""
        path = doubt.changed.path
        if self.options.every_file or self.candidates.is_placed(path):
            return True
        if all(isinstance(error, NotARecordingError) for error in doubt.errors):
            return False
        sides = [data for data in (doubt.old, doubt.new) if data is not None]
        return not sides or any(self.candidates.smells_of_recording(path, data) for data in sides)

    def _compare_plainly(self, changed: ChangedFile, old: bytes | None, new: bytes | None) -> bool:
        """Compare two JSON files that are no recordings by their structure; False where one is no JSON."""
        if old is None or new is None:
            return False
        try:
            before, after = plain.read(changed.path, loads(old)), plain.read(changed.path, loads(new))
        except UnreadableError:
            return False
        self._keep(self._compare(before, after, "path", ""))
        return True

    def _unreadable(
        self, changed: ChangedFile, reason: str, recording: Recording | None, sides: Sequence[object]
    ) -> None:
        entry = FileReview(
            status="unreadable",
            old_path=changed.old.path if changed.old else None,
            new_path=changed.new.path if changed.new else None,
            paired_by="path" if changed.old and changed.new else None,
            format=recording.format if recording else None,
            test_id=recording.test_id if recording else None,
            error=reason,
            fingerprint=_name_of_bytes(sides) if self.options.fingerprints else "",
        )
        self._keep(Compared(entry.old_path, entry.new_path, entry.paired_by, "", None, entry=entry))


def _recording(lone: _Lone) -> Recording:
    return lone.recording or formats.load(lone.path, lone.data)


def _name_of_bytes(sides: Sequence[object]) -> str:
    """What names the contents of a file that nobody can read; a side that is not there has no bytes."""
    import hashlib

    name = hashlib.sha256()
    for side in sides:
        data = side if isinstance(side, bytes) else b""
        name.update(b"%d %b" % (len(data), data))
    return name.hexdigest()


def _stumbled(error: Exception) -> str:
    return f"recdiff itself failed on it: {type(error).__name__}: {error} (please report this)"


def _reason(old: object, new: object) -> str:
    """Why a pair cannot be reviewed: what is broken before what is no recording, and of which side that is."""
    named = {"old side": old, "new side": new}
    errors = {side: error for side, error in named.items() if isinstance(error, UnreadableError)}
    broken = {side: error for side, error in errors.items() if not isinstance(error, NotARecordingError)} or errors
    if old is None or new is None or len({str(error) for error in broken.values()}) == 1 < len(broken):
        return next(map(str, broken.values()), "cannot be read")
    return "; ".join(f"{side}: {error}" for side, error in broken.items())
