# SPDX-License-Identifier: EUPL-1.2
"""Present a basis: freeze runs, texts, figures and files under one checksum."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import freeze
from helhet.foundation.ledger.models import Chain
from helhet.foundation.ledger.services import record
from helhet.foundation.policy import Standing
from helhet.paper import pdf, word
from helhet.paper.codec import from_json, to_json
from helhet.paper.document import Document
from helhet.rooms.decisions.document import Anchor, build_from
from helhet.rooms.decisions.material import Material, gather
from helhet.rooms.decisions.models import Basis, Rendering, SectionKey, State, Version
from helhet.rooms.decisions.references import tokens, typed_numbers
from helhet.rooms.decisions.words import LANGUAGES, day

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
RENDERERS = {"pdf": pdf.render, "docx": word.render}


class Refused(ValueError):
    """The basis cannot be presented as it stands; the text says why, for people."""


class NotReady(Refused):
    """The basis lacks something that a decision needs; ``missing`` says what, for people."""

    def __init__(self, missing: list[str]):
        super().__init__(" ".join(missing))
        self.missing = missing


@dataclass(frozen=True)
class Readiness:
    """What must be mended before a basis can be presented, and what its readers will miss."""

    missing: tuple[str, ...]
    advice: tuple[str, ...]


def readiness(material: Material) -> Readiness:
    """What stops a basis from being presented, and what weakens it."""
    checks = (
        (_has(material, SectionKey.QUESTION), _("Frågan är inte skriven.")),
        (len(material.alternatives) > 1, _("Det finns inget alternativ till att inte göra någonting.")),
        (material.recommended is not None, _("Inget alternativ är valt som förslag.")),
        (not _lost(material), _("En text pekar på en siffra som inte finns kvar i någon körning.")),
    )
    advice = (
        (_has(material, SectionKey.BACKGROUND), _("Bakgrunden är inte skriven.")),
        (bool(material.chosen), _("Inga siffror är valda till tabellerna.")),
        (
            bool(material.unvalued or material.basis.nothing_unvalued),
            _("Ingen effekt som inte går att värdera är angiven."),
        ),
        (bool(material.affected), _("Ingen är angiven som berörd eller hörd.")),
        (all(row.heard_on for row in material.affected), _("Några berörda är inte hörda.")),
        (bool(material.remarks), _("Ingen har läst underlaget normkritiskt.")),
        (bool(material.ties), _("Ärendet är inte knutet till något mål.")),
        (_all_in_english(material), _("Delar av underlaget finns inte på engelska.")),
        (
            not material.basis.comments.filter(resolved_at=None).exists(),
            _("Det finns anmärkningar som inte är avslutade."),
        ),
        (not typed(material), _("Det finns tal med kronor eller procent som inte är hämtade från en kalkyl.")),
    )
    return Readiness(tuple(text for ok, text in checks if not ok), tuple(text for ok, text in advice if not ok))


def typed(material: Material) -> list[tuple[str, str]]:
    """(section, number as typed) for sums and shares that nobody can follow to a calculation."""
    return [
        (str(SectionKey(section).label), number)
        for (section, _language), text in sorted(material.texts.items())
        for number in typed_numbers(text.text)
    ]


def _has(material: Material, section: str) -> bool:
    return any(text.text.strip() for (name, _language), text in material.texts.items() if name == section)


def _lost(material: Material) -> bool:
    return any(
        uid not in material.runs or key not in material.runs[uid].figures
        for text in material.texts.values()
        for uid, key in tokens(text.text)
    )


def _all_in_english(material: Material) -> bool:
    written = {section for (section, language), text in material.texts.items() if language == "sv" and text.text}
    english = {section for (section, language), text in material.texts.items() if language == "en" and text.text}
    return written <= english and all(one.name_en for one in material.alternatives)


@dataclass(frozen=True)
class Frozen:
    """What one presenting keeps, made before anything is written."""

    revision: int
    documents: dict[str, str]
    renderings: dict[tuple[str, str], bytes]
    fields: dict[str, Any]


def present(*, by: Standing, basis: Basis, what_changed: str = "") -> Version:
    """Freeze the basis as a new version. From the second on, ``what_changed`` says what is new.

    Raises :class:`NotReady` when something a decision needs is missing. The files are made before the transaction,
    so that nobody waits for them; whoever writes meanwhile makes the presenting start over.
    """
    require_presentable(by, basis, what_changed)
    for _attempt in range(3):
        basis.refresh_from_db()
        if version := kept(by, basis, made(basis, what_changed.strip())):
            return version
    raise Refused(_("Underlaget ändras just nu av någon annan. Försök igen om en stund."))


def require_presentable(by: Standing, basis: Basis, what_changed: str) -> None:
    """Raise Forbidden or :class:`Refused` unless the actor may present the basis and something is new in it."""
    policy.require(by, "basis.present", basis)
    if basis.state == State.PRESENTED:
        raise Refused(_("Inget har ändrats sedan version %(n)s lades fram.") % {"n": basis.current_version})
    if basis.current_version and not what_changed.strip():
        raise Refused(_("Skriv vad som har ändrats sedan den förra versionen."))


#: So many parts has the making of a version, told one by one: the texts, then each file.
PARTS = 1 + len(LANGUAGES) * len(RENDERERS)


def made(basis: Basis, what_changed: str, *, told: Callable[[int], None] = lambda part: None) -> Frozen:
    """Everything that one presenting keeps; nothing is written. ``told`` hears each part of :data:`PARTS` that is done.

    Raises :class:`NotReady`.
    """
    material = gather(basis)
    if missing := readiness(material).missing:
        raise NotReady(list(missing))
    moment, chain = now(), Chain.objects.filter(pk=1).first()
    number = basis.current_version + 1
    position, head = (chain.position, chain.hash) if chain else (0, "")
    documents: dict[str, Document] = {
        language: build_from(material, language, anchor=Anchor(number, day(moment, language), position, head))
        for language in LANGUAGES
    }
    fields = {
        "number": number,
        "presented_at": moment,
        "alternatives": _alternatives(material),
        "runs": [{"uid": uid, "title": run.title, "checksum": run.checksum} for uid, run in material.runs.items()],
        "files": [
            {"uid": str(file.uid), "name": file.name, "size": file.size, "sha256": file.sha256}
            for file in material.files
        ],
        "what_changed": what_changed,
        "ledger_position": position,
        "ledger_head": head,
    }
    told(1)
    renderings: dict[tuple[str, str], bytes] = {}
    for language, document in documents.items():
        for form, render in RENDERERS.items():
            renderings[language, form] = render(document, timestamp=moment)
            told(1 + len(renderings))
    return Frozen(basis.revision, {name: to_json(one) for name, one in documents.items()}, renderings, fields)


def _alternatives(material: Material) -> list[dict[str, Any]]:
    return [
        {
            "mark": material.mark(one),
            "name": one.name,
            "name_en": one.name_en,
            "reference": one.is_reference,
            "recommended": one.is_recommended,
        }
        for one in material.alternatives
    ]


@transaction.atomic
def kept(by: Standing, basis: Basis, frozen: Frozen) -> Version | None:
    """Write the version, or None when somebody changed the basis since it was read."""
    locked = Basis.objects.select_for_update().get(pk=basis.pk)
    if locked.revision != frozen.revision or locked.current_version + 1 != frozen.fields["number"]:
        return None
    runs = Run.objects.filter(uid__in=[run["uid"] for run in frozen.fields["runs"]])
    for run in runs:
        try:
            freeze(by=by, run=run)
        except ValueError as damaged:
            raise Refused(str(damaged)) from damaged
    version = Version.objects.create(
        basis=locked,
        presented_by_label=by.label,
        documents=frozen.documents,
        checksum=version_checksum(frozen.documents, frozen.fields),
        **frozen.fields,
    )
    sums = _keep_files(basis, version, frozen.renderings)
    basis.state, basis.current_version = State.PRESENTED, version.number
    basis.save(update_fields=["state", "current_version"])
    record(
        by=by,
        verb="basis.presented",
        obj=basis.matter,
        unit_id=basis.matter.home_unit_id,
        data={
            "basis": str(basis.uid),
            "version": version.number,
            "checksum": version.checksum,
            "renderings": sums,
            "ledger_position": version.ledger_position,
        },
    )
    return version


def _keep_files(basis: Basis, version: Version, renderings: Mapping[tuple[str, str], bytes]) -> dict[str, str]:
    """Keep what was rendered; returns the SHA-256 of each file by its language and form."""
    sums = {}
    for (language, form), body in renderings.items():
        digest = hashlib.sha256(body).hexdigest()
        Rendering.objects.create(
            version=version,
            language=language,
            form=form,
            size=len(body),
            sha256=digest,
            blob=ContentFile(body, name=f"{basis.uid}-{version.number}-{language}.{form}"),
        )
        sums[f"{language}.{form}"] = digest
    return sums


def version_checksum(documents: Mapping[str, str], fields: Mapping[str, Any]) -> str:
    """SHA-256 over the documents' own checksums and everything that was frozen with them, in canonical JSON."""
    body = {
        "documents": {language: hashlib.sha256(text.encode()).hexdigest() for language, text in documents.items()},
        **{name: fields[name] for name in ("number", "alternatives", "runs", "files", "what_changed", "ledger_head")},
    }
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def document_of(version: Version, language: str) -> Document:
    """The frozen document in a language, Swedish when there is none."""
    return from_json(version.documents.get(language) or version.documents["sv"])
