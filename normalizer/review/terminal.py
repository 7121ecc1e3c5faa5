"""The terminal in which a review session runs: keys, the card, a line for messages, a field for free text.

Built on prompt_toolkit, because it needs no colours, no mouse and no more than a terminal that can move its cursor, so
it works over ssh.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from normalizer.errors import InputError, NormalizerError
from normalizer.review.card import render_card
from normalizer.review.listing import printable
from normalizer.review.sentence_card import render_sentence
from normalizer.review.session import Scope, Session

if TYPE_CHECKING:
    from prompt_toolkit import Application
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
    from prompt_toolkit.output import Output

Mode = Literal["read", "scope", "write", "help"]
By = Literal["edit", "sentence"]
"""What is shown and decided at a time."""


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """What became of a rule: a sentence about it, and what takes it back and tells so."""

    told: str
    take_back: Callable[[], str]


WriteRule = Callable[[str, str, str], WrittenRule]
"""Writes a rule that a change is not proposed again, given the document's path, original and replacement. Raises
``NormalizerError``."""

SCOPES: dict[str, tuple[Scope, str]] = {
    "p": ("pair", "pair"),
    "k": ("kind", "kind"),
    "s": ("sentence", "sentence"),
    "l": ("line", "line"),
    "f": ("file", "file"),
}

KEYS = """\
y accept   n reject   e write   1-9 alternative   s skip   b back   u undo
A accept all...  R reject all...  i never again  t sentences  ? help  q quit"""

SENTENCE_KEYS = """\
y accept all   n reject all   Enter 1-9 step into   s skip   b back   u undo
A accept all...   R reject all...   t edit by edit   ? help   q quit"""

INSIDE_KEYS = """\
y accept   n reject   e write   1-9 alternative   s skip   b back   u undo
A accept all...  R reject all...  i never again  Esc sentence  ? help  q quit"""

WRITING = """\
Write what should stand there instead.
Enter takes it   Esc goes back"""

HELP = """\
y a      accept                    A, then p  accept all of this pair
n r      reject                            k  ... of this kind
1 to 9   take that alternative             s  ... in this sentence
e        write your own text               l  ... in this line
s space  skip, leave undecided             f  ... in this file
b        back to the edit before   R       reject all, likewise
u        undo                      i       never again: reject this pair and
t        a sentence or an edit             write a rule into the configuration
         at a time
q        quit; what was decided is saved already and can be gone on with

Before and after are shown one above the other: [-this goes-] {+this comes+}.
The after line has the edits in it that you accepted so far. With a sentence at
a time, y and n decide about its undecided edits; Enter or the number of an edit
steps into it, Esc leads back."""


class Terminal:
    """Runs ``session`` in a terminal, an edit or a sentence at a time.

    ``never_again`` carries out the key ``i``; without it the key tells so.
    """

    def __init__(
        self,
        session: Session,
        *,
        by: By = "edit",
        never_again: WriteRule | None = None,
        color: bool = True,
        input: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self.session = session
        self.mode: Mode = "read"
        self.message = ""
        self.by: By = by
        self._inside = False
        """Whether the edits of a sentence are gone through one by one."""
        self._never_again = never_again
        self._rules: dict[int, WrittenRule] = {}
        """What was written into configurations, by the number of the session's step that it belongs to."""
        self._bulk: Literal["accepted", "rejected"] = "accepted"
        self._application = self._build(color, input, output)

    def run(self) -> None:
        """Show the session until the reviewer quits. Raises ``KeyboardInterrupt`` for Ctrl-C."""
        self._application.run()

    @property
    def shows_sentence(self) -> bool:
        """Whether a whole sentence is shown, and keys are about all of it."""
        return self.by == "sentence" and not self._inside

    def _build(self, color: bool, input: Input | None, output: Output | None) -> Application[None]:
        from prompt_toolkit import Application
        from prompt_toolkit.buffer import Buffer
        from prompt_toolkit.filters import Condition
        from prompt_toolkit.input import create_input
        from prompt_toolkit.layout import ConditionalContainer, Dimension, HSplit, Layout, Window
        from prompt_toolkit.layout.controls import BufferControl, FormattedTextControl
        from prompt_toolkit.output import ColorDepth
        from prompt_toolkit.styles import Style

        self._field = Buffer(multiline=False)
        self._card = Window(FormattedTextControl(self._body, focusable=True, show_cursor=False), wrap_lines=False)
        writing = Condition(lambda: self.mode == "write")
        self._entry = Window(BufferControl(self._field, input_processors=[_escaping()]), height=1)
        application: Application[None] = Application(
            layout=Layout(
                HSplit(
                    [
                        self._card,
                        Window(
                            FormattedTextControl(lambda: self.message),
                            height=Dimension(min=1, max=4),
                            dont_extend_height=True,
                            wrap_lines=True,
                            style="class:message",
                        ),
                        ConditionalContainer(self._entry, writing),
                        Window(char="-", height=1, style="class:rule"),
                        Window(FormattedTextControl(self._footer), height=2),
                    ]
                ),
                focused_element=self._card,
            ),
            key_bindings=self._keys(),
            style=Style.from_dict(
                {
                    "title": "bold",
                    "gone": "bold fg:ansired",
                    "new": "bold fg:ansigreen",
                    "state": "bold",
                    "message": "bold",
                }
            ),
            full_screen=True,
            color_depth=None if color else ColorDepth.MONOCHROME,
            input=input or create_input(always_prefer_tty=True),  # documents may come from standard input
            output=output,
        )
        application.ttimeoutlen = 0.1
        application.timeoutlen = 0.1
        return application

    def _body(self) -> StyleAndTextTuples:
        if self.mode == "help":
            return [("", HELP)]
        size = self._application.output.get_size()
        used = 4 + (self.mode == "write")
        render = render_sentence if self.shows_sentence else render_card
        lines = render(self.session, max(20, size.columns - 1), max(3, size.rows - used))
        return [fragment for line in lines for fragment in (*line, ("", "\n"))]

    def _footer(self) -> str:
        if self.mode == "write":
            return WRITING
        if self.shows_sentence:
            return SENTENCE_KEYS
        return INSIDE_KEYS if self._inside else KEYS

    def _keys(self) -> KeyBindings:
        from prompt_toolkit.filters import Condition
        from prompt_toolkit.key_binding import KeyBindings

        keys = KeyBindings()
        reading = Condition(lambda: self.mode == "read")
        choosing = Condition(lambda: self.mode == "scope")
        writing = Condition(lambda: self.mode == "write")
        helping = Condition(lambda: self.mode == "help")

        def on(names: str, action: Callable[[], object]) -> None:
            for name in names.split():
                keys.add(name, filter=reading, eager=True)(lambda event: self._do(action))

        on("y a", lambda: self._decide("accepted"))
        on("n r", lambda: self._decide("rejected"))
        on("s space right down", self._skip)
        on("b left up", self._back)
        on("u", self._undo)
        on("t", self._toggle)
        on("enter", self._enter)
        on("escape", self._leave)
        on("e", self._write)
        on("A", lambda: self._ask("accepted"))
        on("R", lambda: self._ask("rejected"))
        on("i", self._ignore)
        on("?", self._help)
        for digit in "123456789":
            on(digit, lambda digit=digit: self._take(int(digit)))  # type: ignore[misc]

        @keys.add("q", filter=reading | helping, eager=True)
        @keys.add("c-d", filter=~writing, eager=True)
        def _(event: KeyPressEvent) -> None:
            event.app.exit()

        @keys.add("c-c", eager=True)
        def _(event: KeyPressEvent) -> None:
            event.app.exit(exception=KeyboardInterrupt)

        @keys.add("c-z", filter=~writing, eager=True)
        def _(event: KeyPressEvent) -> None:
            event.app.suspend_to_background()

        @keys.add("<any>", filter=choosing)
        def _(event: KeyPressEvent) -> None:
            self._do(lambda: self._decide_all(event.data))

        @keys.add("<any>", filter=helping)
        def _(event: KeyPressEvent) -> None:
            self.mode = "read"

        @keys.add("enter", filter=writing, eager=True)
        def _(event: KeyPressEvent) -> None:
            self._read()
            self._do(lambda: self.session.correct(self._field.text))

        @keys.add("escape", filter=~reading, eager=True)
        def _(event: KeyPressEvent) -> None:
            self._read()

        return keys

    def _do(self, action: Callable[[], object]) -> None:
        """Carry out an action; what goes wrong is told in the line for messages."""
        self.message = ""
        before = self.session.sentence() if self._inside else None
        try:
            action()
        except InputError as error:
            self.message = f"not saved: {printable(str(error))}"
        except NormalizerError as error:
            self.message = printable(str(error))
        if before is not None and before != self.session.sentence():
            self._inside = False  # on to the next sentence as a whole

    def _decide(self, decision: Literal["accepted", "rejected"]) -> None:
        if not self.shows_sentence:
            self.session.decide(decision)
        elif count := self.session.decide_sentence(decision):
            self.message = f"{decision}: {_edits(count)}"

    def _back(self) -> None:
        (self.session.back_sentence if self.shows_sentence else self.session.back)()

    def _toggle(self) -> None:
        self.by = "sentence" if self.by == "edit" or self._inside else "edit"
        self._inside = False

    def _enter(self) -> None:
        """Step into the first undecided edit of the sentence, or into the first one."""
        sentence = self.session.sentence()
        if sentence is None or self.by == "edit":
            return
        if self._inside:
            self._leave()
            return
        undecided = (n for n, p in enumerate(sentence.places, 1) if self.session.at(p).decision == "undecided")
        self._inside = self.session.enter(next(undecided, 1))

    def _leave(self) -> None:
        self._inside = False

    def _needs_edit(self) -> bool:
        """Whether a key was pressed that is about one edit while a sentence is shown; tells what to do."""
        if self.shows_sentence and self.session.current is not None:
            self.message = "that is about one edit: step into it with Enter or its number"
        return self.shows_sentence

    def _take(self, number: int) -> None:
        current = self.session.current
        if current is None:
            return
        if self.shows_sentence:
            self._inside = self.session.enter(number)
            self.message = "" if self._inside else f"there is no edit {number} in this sentence"
            return
        if number > len(current.edit.alternatives):
            self.message = f"there is no alternative {number}; e lets you write one"
            return
        self.session.correct(current.edit.alternatives[number - 1].text)

    def _skip(self) -> None:
        if self.session.current is None:
            self.session.restart()
        elif self.shows_sentence:
            self.session.skip_sentence()
        else:
            self.session.skip()

    def _undo(self) -> None:
        rule = self._rules.pop(self.session.steps, None)
        undone = self.session.undo()
        self.message = (
            f"taken back: {_edits(undone)}" if undone else "nothing to take back since the start; b goes back"
        )
        if rule is not None and (told := rule.take_back()):
            self.message += f"; {told}"

    def _write(self) -> None:
        from prompt_toolkit.document import Document

        current = self.session.current
        if current is not None and not self._needs_edit():
            self._field.document = Document(current.text if current.text is not None else current.edit.replacement)
            self.mode = "write"
            self._application.layout.focus(self._entry)

    def _read(self) -> None:
        self.mode, self.message = "read", ""
        self._application.layout.focus(self._card)

    def _help(self) -> None:
        self.mode = "help"

    def _ask(self, decision: Literal["accepted", "rejected"]) -> None:
        if self.session.current is None:
            return
        verb = "Accept" if decision == "accepted" else "Reject"
        offers = "  ".join(
            f"{key} {name} ({len(self.session.covered(scope))})" for key, (scope, name) in self._scopes().items()
        )
        self._bulk, self.mode = decision, "scope"
        self.message = f"{verb} all of this (Esc: none)\n{offers}"

    def _scopes(self) -> dict[str, tuple[Scope, str]]:
        """What can be decided at once; a sentence has no kind and is no pair."""
        return {k: v for k, v in SCOPES.items() if not self.shows_sentence or v[0] not in ("pair", "kind")}

    def _decide_all(self, key: str) -> None:
        self.mode = "read"
        scopes = self._scopes()
        if key in scopes:
            count = self.session.decide_all(scopes[key][0], self._bulk)
            self.message = f"{self._bulk}: {_edits(count)}; u takes that back"

    def _ignore(self) -> None:
        place = self.session.place
        if place is None or self._needs_edit():
            return
        if self._never_again is None:
            self.message = "there is no configuration to write a rule into"
            return
        edit = self.session.at(place).edit
        rule = self._never_again(self.session.document(place).path, edit.original, edit.replacement)
        self._rules[self.session.steps + 1] = rule
        count = self.session.reject_pair()
        self.message = f"{rule.told}; rejected: {_edits(count)}"


def _edits(count: int) -> str:
    return f"{count} edit" + ("" if count == 1 else "s")


def _escaping() -> Processor:
    """Shows what is not printable in the field for free text as a question mark, column for column."""
    from prompt_toolkit.layout.processors import Processor, Transformation

    class Escaping(Processor):
        def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
            return Transformation(
                [
                    (fragment[0], "".join(c if c.isprintable() else "?" for c in fragment[1]))
                    for fragment in transformation_input.fragments
                ]
            )

    return Escaping()
