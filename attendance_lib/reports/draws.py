"""A draw's list in the casebook: what was written first stands, and no draw is held without one."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from attendance_lib.casebook.book import Published
from attendance_lib.errors import CasebookError, RequestError, SettingsError
from attendance_lib.reports.desk import Desk
from attendance_lib.reports.drawn import LIST, RECORD
from attendance_lib.reports.request import Job, place_in
from attendance_lib.rules.draw import DRAWS, draw_name

DRAW, VALUE, FILE, HASH = "draw", "public_value", "list_file", "list_hash"


def list_written(job: Job, desk: Desk) -> dict[str, object]:
    """Return the parameters that name the list which was written first for a job's draw; none for papers that draw nothing.

    Parameters
    ----------
    job : Job
        The job. One that makes a pack again has them from its receipt.
    desk : Desk
        The school's casebook.

    Raises
    ------
    RequestError
        If a public value is given and no list was written first.
    SettingsError
        If a rule was changed that was written down with a list.
    CasebookError
        If the casebook cannot be used, or is lost.
    """
    if not is_drawn(job) or job.request.earlier is not None:
        return {}
    if desk.shelves.known() and not desk.book.path.exists():
        raise CasebookError(
            f"{desk.book.path} is not there, though packs name it, so it is not known which lists were written. Put it back."
        )
    written = lists_of(desk, job.request.report)
    check_rules(job, written)
    first = next((each for each in written if each[DRAW] == name_of(job)), None)
    if first is None and job.parameters.get(VALUE):
        raise RequestError(
            f"No list of the draw '{name_of(job)}' was written before the public value was known, so nobody could tell whether "
            f"the list was made to fit. Run it without --set {VALUE} first, publish the list's hash, and draw with what is made "
            "public after that."
        )
    if first is None:
        return {FILE: "", HASH: ""}
    tell_other_values(job, written, desk)
    file = list_place(job)
    found = job.request.project.relative(file) if file.is_file() else ""
    return {FILE: found, HASH: str(first["list_hash"])}


def tell_other_values(job: Job, written: list[dict[str, object]], desk: Desk) -> None:
    """Tell that a draw was held before with another value: a slip of the pen, or somebody trying until it fits."""
    held = {str(each[VALUE]) for each in written if each[DRAW] == name_of(job) and each[VALUE]}
    value = " ".join(str(job.parameters.get(VALUE, "")).split())
    if value and held - {value}:
        desk.say(
            f"The draw '{name_of(job)}' was held before with {'; '.join(sorted(held - {value}))}. The casebook keeps every value: "
            "only the draw with what was really made public counts."
        )


def is_drawn(job: Job) -> bool:
    """Whether a job's paper draws."""
    return job.request.paper.is_drawn


def kind_of(job: Job) -> str:
    """Return the kind of draw that a job asks for."""
    return str(job.parameters.get(DRAW, ""))


def days_of(job: Job) -> tuple[date, date]:
    """Return the first and last school day of a job's period, so that no week has two draws by other days around it."""
    days = job.settings.build_calendar().school_days
    inside = [day for day in days if job.period.date_from <= day <= job.period.date_to]
    return (inside[0], inside[-1]) if inside else (job.period.date_from, job.period.date_to)


def name_of(job: Job) -> str:
    """Return the name of a job's draw."""
    return draw_name(kind_of(job), days_of(job), job.request.cohort)


def list_place(job: Job) -> Path:
    """Return where the list of a job's draw lies: in the pack that was made without a public value."""
    request = job.request
    values = {name: value for name, value in request.values.items() if name == DRAW}
    return place_in(replace(request, values=values), job.settings, job.period).pack / LIST


def lists_of(desk: Desk, report: str) -> list[dict[str, object]]:
    """Return what was written down of each list, the first of each draw first, in whatever copy of the casebook."""
    return [json.loads(each.record) for each in desk.book.published_in_any_copy(report)]


def check_rules(job: Job, written: list[dict[str, object]]) -> None:
    """Refuse a rule that is not the one which was written down, for its own period or the next, with an earlier list.

    Raises
    ------
    SettingsError
        With the rule then and now.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> incentives = SimpleNamespace(words_on=lambda kind, day: "a ticket a day; 2 prizes")
    >>> settings = SimpleNamespace(file=Path("larkmoor.yml"), incentives=incentives)
    >>> listed = {"kind": "raffle", "draw": "raffle 2026-11-09 2026-11-20", "rule": "a ticket a day; 1 prize", "next_rule": ""}
    >>> written = [listed | {"first": "2026-11-09", "next_first": ""}]
    >>> check_rules(SimpleNamespace(parameters={"draw": "raffle"}, settings=settings), written)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: larkmoor.yml: the rule of the raffle that begins on 2026-11-09 was changed after it was ...
    """
    kind, incentives = kind_of(job), job.settings.incentives
    if kind not in DRAWS:
        return
    for each in (each for each in written if each["kind"] == kind):
        for day, before in ((each["first"], each["rule"]), (each["next_first"], each["next_rule"])):
            now = incentives.words_on(kind, date.fromisoformat(str(day))) if day and before else before
            if now != before:
                raise SettingsError(
                    f"{job.settings.file}: the rule of the {kind} that begins on {day} was changed after it was written down with "
                    f"the list of '{each[DRAW]}'. It was: {before}. It is: {now or 'none'}. Put it back, and give the new rule "
                    "a day 'from' that is still to come."
                )


def keep_list(job: Job, folder: Path, desk: Desk) -> None:
    """Write down in the casebook which list a pack has, and with which value it was drawn, before the pack appears.

    What is there already stays.

    Raises
    ------
    CasebookError
        If the casebook cannot be written.
    """
    if not is_drawn(job) or job.request.earlier is not None:
        return
    told = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    names = (
        DRAW,
        VALUE,
        "kind",
        "first",
        "rule",
        "list_hash",
        "tickets",
        "pupils",
        "next_first",
        "next_rule",
    )
    record = json.dumps({name: told[name] for name in names}, ensure_ascii=False, sort_keys=True)
    days = (job.period.date_from.isoformat(), job.period.date_to.isoformat())
    known = {(each[DRAW], each[VALUE]) for each in lists_of(desk, job.request.report)}
    if (told[DRAW], told[VALUE]) not in known:
        published = Published(job.request.report, *days, job.request.cohort, record, str(told[DRAW]))
        desk.book.publish(published, desk.made_at)
