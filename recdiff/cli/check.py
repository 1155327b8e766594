"""`recdiff check`: the gate. Says which policies a range fails, and by which files; exits with 1 where it fails any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recdiff.cli import output
from recdiff.cli.ranges import Asked, are_files, asked, open_source, range_options, selected
from recdiff.errors import UsageError
from recdiff.rules.policies import FAILABLE, Policy

if TYPE_CHECKING:
    from recdiff.decisions import Decisions
    from recdiff.gate import Judgement, Offence
    from recdiff.model import Review
    from recdiff.reports.paint import Paint
    from recdiff.rules.config import ProjectConfig
    from recdiff.sources.base import Source
    from recdiff.sources.git_range import GitRangeSource

_NOTHING = "none"
"""What `--fail-on` takes for no class and no status: an empty word may be a variable that nobody has set."""
_MOST_TOLD = 20
"""Files told one by one for each policy; `--full` tells all."""
_WIDEST = 100
"""Columns of what a line says of a change."""


@click.command("check", context_settings={"help_option_names": ["-h", "--help"]})
@range_options
@click.option(
    "--fail-on", multiple=True, metavar="WORDS",
    help="Fail on these classes and statuses, split by commas; `none` for none (default: unreadable,error).",
)  # fmt: skip
@click.option("--max-meaningful", type=click.IntRange(min=0), metavar="N", help="Fail on more than N meaningful files.")
@click.option("--require-decided", is_flag=True, help="Fail on what is rejected or undecided in the local review.")
@click.option("--decisions", metavar="FILE", help="Require decisions, and take them from `recdiff decisions --export`.")
@click.option("--no-noise", is_flag=True, help="Fail on files re-recorded for noise alone; say what takes them back.")
@click.option("--full", is_flag=True, help="Name every file by which a policy fails.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.pass_context
def command(context: click.Context, /, **values: object) -> int:
    """Judge RANGE by policies, and exit with 1 if it fails any of them.

    Policies are these options and those of the project, by the same names: [check] in .recdiff.toml, or
    [tool.recdiff.check] in pyproject.toml. An option takes the place of the project's word for it. Where neither says
    what to fail on, it is unreadable recordings and changes of class error. Added recordings never fail --fail-on;
    unmerged paths always fail.

    The project's policies and rules are those of RANGE's old side, so that no change loosens its own gate, or those
    of --config FILE.
    """
    from recdiff.gate import judge
    from recdiff.reports.paint import UNCUT, Paint
    from recdiff.rules.project import gate_config
    from recdiff.sources.git_range import GitRangeSource

    wanted, given = asked(context, values), _given(values)
    source = open_source(wanted)
    git = _Git(source, wanted) if isinstance(source, GitRangeSource) else None
    try:
        config, rules_changed = gate_config(source, wanted.config)
        policy = given.over(config.check)
        decided = _decided(values["decisions"]) if policy.require_decided else None
        found = _review(source, wanted, config, decided=bool(policy.require_decided))
        review = selected(found, wanted)
        judgements = judge(review, policy, unmerged=git.unmerged(found.others) if git else (), decided=decided)
        back = git.taking_back(judgements) if git else []
    finally:
        source.close()
    if "added" in policy.failing:
        output.complain("'added' in fail-on has no effect: added recordings never fail it")
    paint = Paint(output.has_colour(str(values["color"])), longest=UNCUT if values["full"] else 40)
    with output.until_the_reader_leaves():
        for line in _lines(review, rules_changed, judgements, back, paint):
            output.write(f"{line}\n")
    return int(any(judgement.fails for judgement in judgements))


# What is asked for


def _given(values: dict[str, object]) -> Policy:
    """The policies that the command line names. Raises UsageError for a class or status that there is not."""
    words, most = values["fail_on"], values["max_meaningful"]
    return Policy(
        fail_on=_fail_on(words) if isinstance(words, tuple) and words else None,
        max_meaningful=most if isinstance(most, int) else None,
        require_decided=True if values["require_decided"] or values["decisions"] else None,
        no_noise=True if values["no_noise"] else None,
    )


def _fail_on(texts: Sequence[str]) -> tuple[str, ...]:
    words = tuple(filter(None, (word.strip() for text in texts for word in text.split(","))))
    known = ", ".join(FAILABLE)
    if not words:
        raise UsageError(f"--fail-on names nothing; known: {known}, and {_NOTHING}")
    if words == (_NOTHING,):
        return ()
    for word in words:
        if word not in FAILABLE:
            from difflib import get_close_matches

            near = get_close_matches(word.lower(), FAILABLE, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {known}"
            raise UsageError(f"no class or status '{word}'; {hint}")
    return words


def _decided(file: object) -> Decisions:
    """What was decided: in a file, or in the local review. Raises UsageError, GitError."""
    from recdiff.cli.decisions import common_folder
    from recdiff.decidedfile import decided, kept, read

    if not file:
        return decided(kept(common_folder()))
    try:
        data = Path(str(file)).read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
    return decided(read(data, str(file)))


def _review(source: Source, wanted: Asked, config: ProjectConfig, *, decided: bool) -> Review:
    """The whole range, with what asking for decisions takes."""
    from recdiff.pipeline import Options, review

    progress = output.Progress()
    try:
        options = Options(
            config,
            synopses=decided or bool(wanted.only),
            every_file=wanted.no_index and are_files(wanted),
            progress=progress,
            fingerprints=decided,
        )
        return review(source, options)
    finally:
        progress.done()


class _Git:
    """What a gate asks git beside the files of a range. Raises GitError."""

    def __init__(self, source: GitRangeSource, wanted: Asked) -> None:
        self._repository = source.repository
        self._sides = source.sides
        self._wanted = wanted

    def unmerged(self, others: Iterable[str]) -> list[str]:
        """The paths of recordings that a merge left open, also where they read as they do on the old side."""
        if self._sides.new_tree is not None:
            return []
        from recdiff.candidates import is_named_like_a_recording

        found = set(self._repository.stray(self._wanted.paths or ()).unmerged) - set(others)
        return sorted(filter(is_named_like_a_recording, found))

    def taking_back(self, judgements: Sequence[Judgement]) -> list[str]:
        """The commands that take back what was re-recorded for noise alone."""
        noise = [judgement for judgement in judgements if judgement.policy == "no-noise"]
        paths = [offence.path for judgement in noise for offence in judgement.offences]
        if not paths:
            return []
        from recdiff.gate import taking_back

        is_top = self._repository.work_tree in (None, str(Path.cwd().resolve()))
        return list(taking_back(self._old_side(), paths, staged=self._wanted.staged, is_top=is_top))

    def _old_side(self) -> str:
        """What names the old side for git: as it was typed, the commit that a range `A...B` begins at, or a tree."""
        typed = self._repository.resolve(self._sides.old_label)
        if typed and typed.tree == self._sides.old_tree:
            return self._sides.old_label
        left, _, right = self._sides.label.partition("...")
        old, new = (self._repository.resolve(side or "HEAD") for side in (left, right))
        base = (
            self._repository.merge_base(old.commit, new.commit) if old and new and old.commit and new.commit else None
        )
        return base or self._sides.old_tree


# What is told


def _lines(
    review: Review, rules_changed: Sequence[str], judgements: Sequence[Judgement], back: Sequence[str], paint: Paint
) -> Iterator[str]:
    from recdiff.reports.text import headline
    from recdiff.safe import visible

    if rules_changed:
        told = f"This range changes recdiff's rules; the gate goes by those of {visible(review.old)}"
        yield paint("mark", f"━━ {told} ━━")
        yield from (f"  {visible(line)}" for line in rules_changed)
        yield ""
    yield next(headline(review, paint))
    yield from (paint("faint", visible(note)) for note in review.notes)
    yield ""
    for judgement in judgements:
        sign = paint("error", "✗") if judgement.fails else paint("added", "✓")
        name = paint("heading", " ".join(filter(None, (judgement.policy, judgement.terms))))
        takes_back = judgement.policy == "no-noise" and bool(back)
        yield f"{sign} {name}: {judgement.reason}{'; this takes them back:' if takes_back else ''}"
        yield from back if takes_back else _files(judgement, paint)
        if judgement.policy == "require-decided" and judgement.fails and rules_changed:
            yield paint("faint", "   the review screen shows these with --config and the old rules")


def _files(judgement: Judgement, paint: Paint) -> Iterator[str]:
    """The files by which a policy fails, a line each; noise is only counted where something else is to be told."""
    told = [o for o in judgement.offences if judgement.policy == "no-noise" or o.what != ("noise",)]
    shown = told if paint.is_full else told[:_MOST_TOLD]
    yield from (f"   {_line(offence, paint)}" for offence in shown)
    if len(told) > len(shown):
        yield paint("faint", f"   … and {len(told) - len(shown):,} more (--full)")


def _line(offence: Offence, paint: Paint) -> str:
    """A file in one line: its path and test, what it is, and the weightiest change of those by which it fails."""
    from recdiff.safe import shortened, visible

    entry = offence.entry
    test_id = visible(entry.test_id) if entry and entry.test_id else ""
    what = ", ".join(offence.what)
    told = _told(offence, paint.longest)
    if told.startswith(f"{what} "):
        what = ""
    more = f"and {len(offence.changes) - 1:,} more" if len(offence.changes) > 1 else ""
    comment = f"“{visible(offence.comment)}”" if offence.comment else ""
    short = told if paint.is_full else shortened(told, _WIDEST)
    return "  ".join(filter(None, (visible(offence.path), test_id, what, short, more, comment)))


def _told(offence: Offence, longest: int) -> str:
    """What there is to say of a file: the weightiest change, what was asked and answered, or why it cannot be read."""
    from recdiff.reports.changes import change_line
    from recdiff.reports.paint import Paint
    from recdiff.reports.text import told_alone
    from recdiff.safe import visible

    entry, plain = offence.entry, Paint(longest=longest)
    if entry is None:
        return ""
    if entry.status == "unreadable":
        return f"unreadable  {visible(entry.error or '')}"
    if entry.status in ("added", "removed"):
        return f"{entry.status}  {told_alone(entry, plain)}"
    return " ".join(change_line(offence.changes[0], plain).split()) if offence.changes else ""
