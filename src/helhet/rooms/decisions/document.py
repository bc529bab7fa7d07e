# SPDX-License-Identifier: EUPL-1.2
"""A decision basis as a document: data in one language, that paper renders as HTML, PDF and DOCX alike."""

from dataclasses import dataclass

from helhet.foundation.goals.models import Tie
from helhet.paper import document as paper
from helhet.paper.markdown import blocks as markdown_blocks
from helhet.paper.markdown import inline as markdown_inline
from helhet.rooms.decisions import brief, tables
from helhet.rooms.decisions.material import Material, figure_at, gather
from helhet.rooms.decisions.models import Basis, SectionKey
from helhet.rooms.decisions.references import address, normalised, tokens
from helhet.rooms.decisions.shown import is_assumption, origin, run_title
from helhet.rooms.decisions.words import day, in_language, listed, word


@dataclass(frozen=True)
class Anchor:
    """Where the ledger stood, and what is said of the version, when a document was frozen."""

    number: int
    presented_on: str
    position: int
    head: str


def build(basis: Basis, language: str, *, anchor: Anchor | None = None) -> paper.Document:
    """The document of a basis as it stands now; with an ``anchor`` as it is presented."""
    return build_from(gather(basis), language, anchor=anchor)


def build_from(material: Material, language: str, *, anchor: Anchor | None = None) -> paper.Document:
    """As :func:`build`, from material that is already read: both languages then say the same."""
    return Builder(material, language, anchor).document()


class Builder:
    """One building of one document; the tables read its language, its material and its words."""

    def __init__(self, material: Material, language: str, anchor: Anchor | None) -> None:
        self.material, self.language, self.anchor = material, language, anchor
        self.origins: dict[str, paper.Origin] = {}
        self.assumed = False
        for text in material.texts.values():
            self._note_origins(text.text)

    def document(self) -> paper.Document:
        basis = self.material.basis
        sections = tuple(
            paper.Section(name, self.w(name), tuple(getattr(self, f"_{name}")()))
            for name in ("fraga", "bakgrund", "alternativ", "effekter", "betalar", "osakert", "mal", "horda", "norm")
        )
        used = {figure.key for figure in paper.figures(sections)}
        origins = tuple(one for key, one in self.origins.items() if key in used)
        sources = paper.Section("kallor", self.w("kallor"), tuple(self._kallor(bool(origins))))
        return paper.Document(
            title=in_language(basis.title, basis.title_en, self.language),
            sections=(*sections, sources),
            language=self.language,
            meta=self._facts(),
            origins=origins,
            kind=self.w("kind"),
            publisher=basis.matter.home_unit.name,
            number=basis.matter.number or "",
            status=self._status(),
        )

    def w(self, key: str, **values: object) -> str:
        return word(key, self.language, **values)

    def figure(self, run: object, kept: object, text: str = "") -> paper.Figure:
        """A figure in a table; its origin is noted so that it can be opened."""
        one = origin(run, kept, self.language)  # type: ignore[arg-type]
        self._note(one, kept)
        return paper.Figure(one.key, text or one.value)

    # Texts ----------------------------------------------------------------------------------------------------

    def text(self, section: str) -> list[paper.Block]:
        """A section's own words, with figures in place; in another language when this one is not written."""
        texts = self.material.texts
        for language in dict.fromkeys((self.language, "sv", "en")):
            found = texts.get((section, language))
            if found is not None and found.text.strip():
                blocks = list(markdown_blocks(self._known(found.text), self.origins))
                if language != self.language:
                    blocks.insert(0, _meta(self.w("untranslated")))
                return blocks
        return []

    def _known(self, text: str) -> str:
        """The text with figures that cannot be found said to be missing, so that no token is ever printed."""
        text = normalised(text)
        for uid, key in tokens(text):
            if address(uid, key) not in self.origins:
                text = text.replace(f"{{{{{address(uid, key)}}}}}", self.w("missing_figure"))
        return text

    def _note_origins(self, text: str) -> None:
        for uid, key in tokens(text):
            if found := figure_at(self.material, uid, key):
                self._note(origin(*found, self.language), found[1])

    def _note(self, one: paper.Origin, kept: object) -> None:
        self.origins[one.key] = one
        self.assumed = self.assumed or is_assumption(kept)  # type: ignore[arg-type]

    # Head -----------------------------------------------------------------------------------------------------

    def _facts(self) -> tuple[paper.Fact, ...]:
        basis = self.material.basis
        body = in_language(basis.body.name, basis.body.name_en, self.language) if basis.body else ""
        planned = day(basis.planned_on, self.language) if basis.planned_on else ""
        pairs = (
            ("body", body),
            ("planned", planned),
            ("written_by", basis.written_by),
            ("number", basis.matter.number),
        )
        return tuple(paper.Fact(self.w(key), value) for key, value in pairs if value)

    def _status(self) -> str:
        if self.anchor is None:
            return self.w("draft")
        return self.w("version", number=self.anchor.number, day=self.anchor.presented_on)

    # Sections -------------------------------------------------------------------------------------------------

    def _fraga(self) -> list[paper.Block]:
        question = self.text(SectionKey.QUESTION)
        blocks: list[paper.Block] = [_as_ask(block) for block in question] or [_meta(self.w("no_question"))]
        blocks += [*self._proposal(), *brief.blocks(self)]
        note = self.w("note") + (f" {self.w('note_assumptions')}" if self.assumed else "")
        return [*blocks, paper.Note((paper.Text(note),))] if self.origins else blocks

    def _proposal(self) -> list[paper.Block]:
        proposed, blocks = self.material.recommended, self.text(SectionKey.PROPOSAL)
        lead: list[paper.Inline] = [paper.Strong((paper.Text(self.w("proposal")),)), paper.Text(" ")]
        if proposed is not None:
            name = in_language(proposed.name, proposed.name_en, self.language).rstrip(".")
            lead.append(paper.Text(self.w("proposed", mark=self.material.mark(proposed), name=name) + " "))
        elif not blocks:
            return []
        if blocks and isinstance(blocks[0], paper.Paragraph) and not blocks[0].style:
            return [paper.Paragraph((*lead, *blocks[0].content)), *blocks[1:]]
        return [paper.Paragraph(tuple(lead)), *blocks]

    def _bakgrund(self) -> list[paper.Block]:
        return self.text(SectionKey.BACKGROUND) or [_meta(self.w("no_background"))]

    def _alternativ(self) -> list[paper.Block]:
        return [tables.alternative_texts(self), *self.text(SectionKey.ALTERNATIVES)]

    def _effekter(self) -> list[paper.Block]:
        shown = tables.effects(self) or [_meta(self.w("no_effects"))]
        return [*self.text(SectionKey.EFFECTS), *shown, self._unvalued()]

    def _unvalued(self) -> paper.Block:
        rows = self.material.unvalued
        if not rows:
            none = self.material.basis.nothing_unvalued or self.w("unvalued_none")
            return paper.Panel(self.w("unvalued"), (_plain(none),))
        items = []
        for row in rows:
            text = in_language(row.text, row.text_en, self.language)
            who = in_language(row.who, row.who_en, self.language)
            items.append((_plain(f"{text.rstrip('.')}. {self.w('concerns', who=who)}" if who else text),))
        return paper.Panel(self.w("unvalued"), (paper.Bullets(tuple(items)),))

    def _betalar(self) -> list[paper.Block]:
        shown = tables.holders(self) or [_meta(self.w("no_holders"))]
        return [*self.text(SectionKey.HOLDERS), *shown]

    def _osakert(self) -> list[paper.Block]:
        return [*self.text(SectionKey.CERTAINTY), *tables.certainty(self)]

    def _mal(self) -> list[paper.Block]:
        goals = tuple(self._goal(tie) for tie in self.material.ties)
        blocks = self.text(SectionKey.GOALS)
        return [*blocks, paper.Goals(goals) if goals else _meta(self.w("no_goals"))]

    def _goal(self, tie: Tie) -> paper.Goal:
        title = in_language(tie.goal.title, tie.goal.title_en, self.language)
        reason = tie.reason
        if tie.settled_reason:
            reason = f"{reason.rstrip('.')}. {self.w('settled', reason=tie.settled_reason)}"
        return paper.Goal(tie.stance, title, reason)  # type: ignore[arg-type]  # the stances have the same names

    def _horda(self) -> list[paper.Block]:
        shown = tables.heard(self)
        return [*self.text(SectionKey.HEARD), shown if shown else _meta(self.w("nobody_heard"))]

    def _norm(self) -> list[paper.Block]:
        blocks: list[paper.Block] = []
        for remark in self.material.remarks:
            text = in_language(remark.text, remark.text_en, self.language)
            blocks += [*markdown_blocks(text)]
            blocks.append(_meta(self.w("remark_by", who=remark.by_label, day=day(remark.made_on, self.language))))
        return blocks or [_meta(self.w("no_remarks"))]

    def _kallor(self, has_figures: bool) -> list[paper.Block]:
        note = self.w("frozen_note" if self.anchor else "draft_note")
        first: paper.Block = paper.Sources() if has_figures else _meta(self.w("no_figures"))
        return [first, paper.Paragraph((paper.Text(note),), "fine"), *self._checksums()]

    def _checksums(self) -> list[paper.Block]:
        items = []
        if self.anchor is not None and self.anchor.head:
            label = self.w("ledger_head", day=self.anchor.presented_on, position=self.anchor.position)
            items.append(paper.Fact(label, self.anchor.head))
        for run in self.material.runs.values():
            facts = self.w("run_facts", seed=run.seed, samples=run.samples, engine=run.engine)
            items.append(paper.Fact(self.w("run", title=run_title(run, self.language)), f"{run.checksum} ({facts})"))
        items += [paper.Fact(self.w("file", name=file.name), file.sha256) for file in self.material.files]
        return [paper.Checksums(tuple(items))] if items else []

    def names(self, names: list[str]) -> str:
        return listed(names, self.language)


def _meta(text: str) -> paper.Paragraph:
    return paper.Paragraph((paper.Text(text),), "meta")


def _plain(text: str) -> paper.Paragraph:
    return paper.Paragraph(markdown_inline(text))


def _as_ask(block: paper.Block) -> paper.Block:
    return paper.Ask(block.content) if isinstance(block, paper.Paragraph) and not block.style else block
