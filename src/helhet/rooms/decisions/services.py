# SPDX-License-Identifier: EUPL-1.2
"""Start, write and review a decision basis. Every verb asks policy first and ends with exactly one event."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from helhet.core.text import sensitive
from helhet.foundation import policy
from helhet.foundation.figures.models import Run
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import File, Matter
from helhet.foundation.matters.services import Sensitive
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing
from helhet.rooms.decisions.material import runs_for
from helhet.rooms.decisions.models import (
    Affected,
    Alternative,
    Basis,
    BasisText,
    ChosenFigure,
    NormRemark,
    Part,
    ReviewComment,
    SectionKey,
    State,
    Unvalued,
)
from helhet.rooms.decisions.references import address, normalised, tokens, words_alone

MAX_TEXT = 40_000
MAX_ALTERNATIVES = 12
LANGUAGE_CODES = ("sv", "en")


class Overtaken(ValueError):
    """Somebody else has saved the section since it was opened; ``theirs`` is what it says now."""

    def __init__(self, theirs: BasisText):
        super().__init__(_("Någon annan har sparat delen medan du skrev. Läs deras text och spara igen."))
        self.theirs = theirs


@transaction.atomic
def start_basis(
    *,
    by: Standing,
    matter: Matter,
    title: str = "",
    title_en: str = "",
    body: Organisation | None = None,
    planned_on: date | None = None,
    written_by: str = "",
    reference: str | None = None,
) -> Basis:
    """Start a basis on a matter. «Do nothing» is among its alternatives from the first moment."""
    policy.require(by, "basis.start", matter)
    basis = Basis.objects.create(
        matter=matter,
        title=(title.strip() or matter.title)[:160],
        title_en=title_en.strip()[:160],
        body=body,
        planned_on=planned_on,
        written_by=written_by.strip() or by.label,
        started_by_id=by.user_id,
        reference=reference,
    )
    Alternative.objects.create(
        basis=basis, is_reference=True, name="Gör ingenting", name_en="Do nothing", reversible="", order=0
    )
    _record(by, "basis.started", basis, {})
    return basis


@transaction.atomic
def describe_basis(
    *,
    by: Standing,
    basis: Basis,
    title: str,
    title_en: str = "",
    body: Organisation | None = None,
    planned_on: date | None = None,
    written_by: str = "",
    nothing_unvalued: str = "",
    files: Sequence[File] = (),
) -> Basis:
    """Change what stands at the head of a basis, and which of the matter's checked files belong to it."""
    policy.require(by, "basis.write", basis)
    if not title.strip():
        raise ValueError(_("Skriv en rubrik."))
    if any(file.matter_id != basis.matter_id or file.state != File.State.OK for file in files):
        raise ValueError(_("Bara ärendets egna, kontrollerade filer kan höra till underlaget."))
    basis.title, basis.title_en = title.strip()[:160], title_en.strip()[:160]
    basis.body, basis.planned_on = body, planned_on
    basis.written_by, basis.nothing_unvalued = written_by.strip(), nothing_unvalued.strip()
    basis.save(update_fields=["title", "title_en", "body", "planned_on", "written_by", "nothing_unvalued"])
    basis.files.set(files)
    _changed(by, basis, {"part": "head"})
    return basis


@transaction.atomic
def write_section(
    *,
    by: Standing,
    basis: Basis,
    section: str,
    text: str,
    language: str = "sv",
    seen_revision: int | None = None,
    confirmed: bool = False,
) -> BasisText:
    """Write one section in one language.

    Raises :class:`Sensitive` for what looks like personal data unless ``confirmed``, :class:`Overtaken` when somebody
    else has written since ``seen_revision``, and ValueError for a figure that the basis cannot show.
    """
    policy.require(by, "basis.write", basis)
    section = SectionKey(section).value
    if language not in LANGUAGE_CODES:
        raise ValueError(_("Underlaget skrivs på svenska eller engelska."))
    if len(text) > MAX_TEXT:
        raise ValueError(_("Texten är för lång. Dela upp den eller lägg en del som bilaga."))
    text = normalised(text.replace("\r\n", "\n").strip())
    if not confirmed and (findings := sensitive.find(words_alone(text))):
        raise Sensitive(findings)
    if lost := missing_figures(basis, text):
        raise ValueError(_("De här siffrorna finns inte i ärendets körningar: %(keys)s") % {"keys": ", ".join(lost)})
    kept = BasisText.objects.select_for_update().filter(basis=basis, section=section, language=language).first()
    if kept is None:
        kept = BasisText(basis=basis, section=section, language=language, revision=0)
    elif seen_revision is not None and seen_revision != kept.revision:
        raise Overtaken(kept)
    elif kept.text == text:
        return kept
    kept.text, kept.by_label, kept.changed_at = text, by.label, now()
    kept.revision += 1
    kept.save()
    _changed(by, basis, {"part": section, "language": language}, {"text": text})
    return kept


def missing_figures(basis: Basis, text: str) -> list[str]:
    """The keys in a text that no run of the basis's matter holds."""
    wanted = tokens(text)
    if not wanted:
        return []
    runs = {str(r.uid): r for r in Run.objects.filter(runs_for(basis), uid__in={uid for uid, _key in wanted})}
    return [key for uid, key in wanted if uid not in runs or key not in runs[uid].figures]


@transaction.atomic
def set_alternative(
    *,
    by: Standing,
    basis: Basis,
    name: str,
    alternative: Alternative | None = None,
    run: Run | None = None,
    is_recommended: bool | None = None,
    order: int | None = None,
    **words: str,
) -> Alternative:
    """Add an alternative or change one. ``words`` are name_en, text, text_en, reversible, reversible_en."""
    policy.require(by, "basis.write", basis)
    if not name.strip():
        raise ValueError(_("Ge alternativet ett namn."))
    _own(basis, alternative)
    if run is not None and run.matter_id not in (None, basis.matter_id):
        raise ValueError(_("Körningen hör till ett annat ärende."))
    if alternative is None:
        if basis.alternatives.count() >= MAX_ALTERNATIVES:
            raise ValueError(_("Ett underlag kan ha högst tolv alternativ. Slå ihop några."))
        alternative = Alternative(basis=basis, order=basis.alternatives.count())
    alternative.name, alternative.run = name.strip()[:160], run
    for field in ("name_en", "text", "text_en", "reversible", "reversible_en"):
        setattr(alternative, field, words.get(field, getattr(alternative, field)).strip())
    if order is not None:
        alternative.order = order
    if is_recommended is not None:
        if is_recommended:
            basis.alternatives.exclude(pk=alternative.pk).update(is_recommended=False)
        alternative.is_recommended = is_recommended
    alternative.save()
    _changed(by, basis, {"part": "alternatives", "run": str(run.uid) if run else ""})
    return alternative


@transaction.atomic
def change_run(*, by: Standing, basis: Basis, old: Run, new: Run) -> Basis:
    """Show the figures of ``new`` everywhere that the basis shows those of ``old``: texts, alternatives and tables.

    Raises ValueError for a run of another matter, and for figures in texts that the new run does not hold.
    """
    policy.require(by, "basis.write", basis)
    if new.matter_id not in (None, basis.matter_id):
        raise ValueError(_("Körningen hör till ett annat ärende."))
    held = [
        text for text in basis.texts.select_for_update() if any(uid == str(old.uid) for uid, _k in tokens(text.text))
    ]
    lost = {key for text in held for uid, key in tokens(text.text) if uid == str(old.uid) and key not in new.figures}
    if lost:
        raise ValueError(
            _("Den nyare körningen har inte siffrorna %(keys)s. Ta bort dem ur texten först.")
            % {"keys": ", ".join(sorted(lost))}
        )
    for text in held:
        text.text = normalised(text.text).replace(f"{{{{{address(old.uid, '')}", f"{{{{{address(new.uid, '')}")
        text.revision, text.by_label, text.changed_at = text.revision + 1, by.label, now()
        text.save(update_fields=["text", "revision", "by_label", "changed_at"])
    basis.alternatives.filter(run=old).update(run=new)
    basis.chosen.filter(run=old).update(run=new)
    _changed(by, basis, {"part": "runs", "from": str(old.uid), "to": str(new.uid)})
    return basis


@transaction.atomic
def choose_figure(
    *, by: Standing, basis: Basis, part: str, key: str, run: Run | None = None, order: int | None = None
) -> ChosenFigure:
    """Show a figure, or a family with ``*``, in one of the document's tables. Without run: that of the proposal."""
    policy.require(by, "basis.write", basis)
    if run is not None and run.matter_id not in (None, basis.matter_id):
        raise ValueError(_("Körningen hör till ett annat ärende."))
    chosen, created = ChosenFigure.objects.get_or_create(
        basis=basis,
        part=Part(part).value,
        run=run,
        key=key.strip(),
        defaults={"order": basis.chosen.count() if order is None else order},
    )
    if created:
        _changed(by, basis, {"part": "figures", "shown": chosen.part, "key": chosen.key})
    return chosen


#: The lists that a writer adds rows to, and the fields a row has.
ROWS: Mapping[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "unvalued": (Unvalued, ("text", "text_en", "who", "who_en")),
    "affected": (
        Affected,
        ("group", "group_en", "how", "how_en", "heard_on", "heard_how", "heard_how_en", "says", "says_en"),
    ),
    "remarks": (NormRemark, ("text", "text_en")),
}


@transaction.atomic
def set_row(*, by: Standing, basis: Basis, kind: str, row: models.Model | None = None, **values: Any) -> models.Model:
    """Add or change a row among the unvalued effects, the affected or the norm-critical remarks."""
    policy.require(by, "basis.write", basis)
    model, fields = ROWS[kind]
    _own(basis, row)
    if unknown := set(values) - set(fields):
        raise TypeError(f"unknown fields of {kind}: {sorted(unknown)}")
    if not str(values.get(fields[0], "") or "").strip():
        raise ValueError(_("Fyll i det första fältet."))
    row = row or model(basis=basis)  # type: ignore[misc]
    for name, value in values.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    if isinstance(row, NormRemark):
        row.by_label, row.made_on = by.label, localdate()
    row.save()
    texts = {name: str(value) for name, value in values.items()}
    _changed(by, basis, {"part": kind}, texts)
    return row


@transaction.atomic
def remove_row(*, by: Standing, basis: Basis, row: models.Model) -> None:
    """Take a row, a chosen figure or an alternative out of the draft. Doing nothing stays."""
    policy.require(by, "basis.write", basis)
    _own(basis, row)
    part = row._meta.model_name
    row.delete()
    _changed(by, basis, {"part": part, "removed": True})


@transaction.atomic
def comment_paragraph(
    *, by: Standing, basis: Basis, section: str, paragraph: int, paragraph_text: str, text: str, language: str = "sv"
) -> ReviewComment:
    """Remark on one paragraph of the draft, as it reads now."""
    policy.require(by, "basis.review", basis)
    if not text.strip():
        raise ValueError(_("Skriv vad du vill anmärka på."))
    made = ReviewComment.objects.create(
        basis=basis,
        language=language if language in LANGUAGE_CODES else "sv",
        section=section[:40],
        paragraph=paragraph,
        text_hash=text_hash(paragraph_text),
        quote=paragraph_text[:200],
        text=text.strip()[:5000],
        author_id=by.user_id,
        author_label=by.label,
    )
    told = {"comment": made.pk, "section": made.section, "paragraph": paragraph}
    _record(by, "basis.commented", basis, told, {"text": made.text})
    return made


def text_hash(paragraph_text: str) -> str:
    """What tells whether a paragraph still says the same; blanks do not count."""
    return hashlib.sha256(" ".join(paragraph_text.split()).encode()).hexdigest()


@transaction.atomic
def resolve_comment(*, by: Standing, comment: ReviewComment, resolution: str = "") -> ReviewComment:
    """Say what a remark led to. The one who wrote it may take it back without words."""
    policy.require(by, "basis.resolve_comment", comment)
    if comment.resolved_at is not None:
        return comment
    if not resolution.strip() and comment.author_id != by.user_id:
        raise ValueError(_("Skriv vad anmärkningen ledde till."))
    comment.resolved_at, comment.resolved_by_label = now(), by.label
    comment.resolution = resolution.strip()[:600]
    comment.save(update_fields=["resolved_at", "resolved_by_label", "resolution"])
    private = {"resolution": comment.resolution}
    _record(by, "basis.comment_resolved", comment.basis, {"comment": comment.pk}, private)
    return comment


@transaction.atomic
def send_to_review(*, by: Standing, basis: Basis) -> Basis:
    """Ask others to read the draft. It may still be written while it is read."""
    policy.require(by, "basis.write", basis)
    if basis.state == State.REVIEW:
        raise ValueError(_("Underlaget är redan på granskning."))
    if not basis.texts.filter(section=SectionKey.QUESTION).exclude(text="").exists():
        raise ValueError(_("Skriv frågan först, så att den som granskar vet vad som ska avgöras."))
    basis.state, basis.changed_at = State.REVIEW, now()
    basis.save(update_fields=["state", "changed_at"])
    _record(by, "basis.sent_to_review", basis, {"revision": basis.revision})
    return basis


def _own(basis: Basis, row: Any) -> None:
    """A row is only ever changed through the basis it belongs to."""
    if row is not None and row.basis_id != basis.pk:
        raise ValueError(_("Raden hör till ett annat underlag."))


def _changed(by: Standing, basis: Basis, data: dict[str, Any], private: dict[str, Any] | None = None) -> None:
    """Count the change, take a presented basis back to draft, and write the event."""
    Basis.objects.filter(pk=basis.pk).update(revision=F("revision") + 1, changed_at=now())
    # Asked of the database: it may have been presented since the basis was read.
    Basis.objects.filter(pk=basis.pk, state=State.PRESENTED).update(state=State.DRAFT)
    basis.refresh_from_db(fields=["revision", "changed_at", "state"])
    _record(by, "basis.section_written", basis, {"revision": basis.revision, **data}, private)


def _record(by: Standing, verb: str, basis: Basis, data: dict[str, Any], private: dict[str, Any] | None = None) -> None:
    """Write an event on the basis, not on its matter: what a matter's page tells everybody must not tell of drafts."""
    record(
        by=by,
        verb=verb,
        obj=basis,
        unit_id=basis.matter.home_unit_id,
        data={"basis": str(basis.uid), "matter": basis.matter_id, **data},
        private=private,
    )
