"""The command line ``lea``: the same assets, for people at a terminal.

One module a command; each imports what is heavy only when it runs. Does not belong here: anything that a run in the
Dagster UI would not do as well.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from orchestration.cli.console import plainly, speak_in_any_encoding

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
code = typer.Typer(no_args_is_help=True, help="Sum up open answers in the codes of data/coding/frames.")
app.add_typer(code, name="code")

Year = Annotated[int, typer.Option("--year", help="The survey year.")]
OneYear = Annotated[int | None, typer.Option("--year", help="Take in only this survey year's deliveries.")]
File = Annotated[Path, typer.Argument(help="The delivered file (.csv, .xlsx or .sav).")]
OptionalFile = Annotated[
    Path | None,
    typer.Argument(help="The delivered file (.csv, .xlsx or .sav). Without one, all of the year is checked."),
]
Sheet = Annotated[str | None, typer.Option(help="The sheet with the answers.")]
HeaderRow = Annotated[int | None, typer.Option(help="The row with the names of the columns.")]
Encoding = Annotated[
    str | None, typer.Option(help="Of a CSV: utf-8, utf-16, cp1252, cp850, iso-8859-1 or iso-8859-15.")
]
Delimiter = Annotated[str | None, typer.Option(help="Of a CSV: the character between two cells.")]
DialectName = Annotated[
    str | None, typer.Option("--dialect", help="The survey tool it is from: a name of data/dialects.")
]
WithProblems = Annotated[bool, typer.Option("--with-problems", help="Accept it; what is wrong goes to quarantine.")]
WithEmptied = Annotated[
    bool, typer.Option("--with-emptied", help="Accept it although answers that count now become empty.")
]

TableName = Annotated[str, typer.Argument(help="The table, figure or section: its place ('Tabel 1.2'), key or title.")]
Row = Annotated[str | None, typer.Option(help="The row: its label or key, or a part of it.")]
Column = Annotated[str | None, typer.Option(help="The column: its label or key, or a part of it.")]
ReportName = Annotated[str | None, typer.Option(help="The report, where two have such a table.")]
Language = Annotated[Literal["nl", "en"], typer.Option(help="The language of the answer.")]
RuleName = Annotated[list[str], typer.Option("--rule", help="A rule or criterion of data/risk; give it a --threshold.")]
AtLeast = Annotated[list[int], typer.Option("--threshold", help="How many of what it counts must hold.")]
CodingFile = Annotated[Path, typer.Argument(help="The coder's workbook (.xlsx).")]
Coder = Annotated[
    str, typer.Option(help="Who codes; 'settled' for the answers that coders gave different codes, to settle them.")
]
EditionFolder = Annotated[Path | None, typer.Option(help="The folder of an edition; the latest where none is named.")]

Reason = Annotated[str, typer.Option(help="Why: a sentence that readers may see.")]


@app.callback()
def lea() -> None:
    """The LEA/vve monitor: from delivered questionnaires to report tables and the panel."""
    speak_in_any_encoding()


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The folder to start; this one where none is named.")] = Path(),
) -> None:
    """Start a folder to work in, where the monitor was installed from a wheel."""
    with plainly():
        from orchestration.cli.init import start_installation

        start_installation(folder)


@app.command()
def run(year: OneYear = None) -> None:
    """Make everything: take deliveries in, build the warehouse, publish the edition."""
    with plainly():
        from orchestration.cli.run import run_monitor

        run_monitor(year)


@app.command()
def check(
    year: Year,
    file: OptionalFile = None,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    dialect: DialectName = None,
) -> None:
    """Say what is wrong with a delivery and what it would change. Nothing is written; exit code 1 when 'accept' would
    refuse it.

    It is read like that year's newest delivery of its kind, but for what is said here. Without a file: all that a run
    of the year would stumble over, from registers to supervision; exit code 1 when anything stops it.
    """
    with plainly():
        if file is None:
            from orchestration.cli.check_year import show_year

            show_year(year)
            return
        from orchestration.cli.deliveries import check_file

        check_file(file, year, _said(sheet, header_row, encoding, delimiter, dialect))


@app.command()
def accept(
    file: File,
    year: Year,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    dialect: DialectName = None,
    with_problems: WithProblems = False,
    with_emptied: WithEmptied = False,
) -> None:
    """Register a file as that year's next delivery, with its SHA-256.

    It is read like that year's newest delivery of its kind, but for what is said here.
    """
    with plainly():
        from orchestration.cli.deliveries import accept_file

        reading = _said(sheet, header_row, encoding, delimiter, dialect)
        accept_file(file, year, reading, with_problems=with_problems, with_emptied=with_emptied)


@app.command()
def seen(by: Annotated[str, typer.Option(help="Who has seen them.")]) -> None:
    """Record that a steward has seen every implausible answer that is open."""
    with plainly():
        from orchestration.cli.seen import mark_seen

        mark_seen(by)


@app.command()
def publish(
    audience: Annotated[Literal["public", "municipality", "internal"], typer.Option(help="Whose part.")],
    to: Annotated[Path, typer.Option(help="A folder that is theirs alone; each version goes below it.")],
    municipality: Annotated[str | None, typer.Option(help="With --audience municipality: only this code's.")] = None,
    edition: EditionFolder = None,
) -> None:
    """Copy a part of an edition to its readers: whole, checked, and in one move; <to>/latest is the newest."""
    with plainly():
        from orchestration.cli.publish import publish_part

        publish_part(audience, to, municipality, edition)


@app.command()
def verify(edition: EditionFolder = None) -> None:
    """Hold every edition to its checksums; exit code 1 when a file is damaged, missing or foreign."""
    with plainly():
        from orchestration.cli.publish import verify_editions

        if not verify_editions(edition):
            raise typer.Exit(1)


@app.command()
def withdraw(
    year: Annotated[int, typer.Argument(help="The survey year.")],
    reason: Reason,
    version: Annotated[int | None, typer.Option(min=1, help="The version; the newest where none is named.")] = None,
) -> None:
    """Withdraw an edition: it stays, with a note why, and 'latest' is the one before."""
    with plainly():
        from orchestration.cli.withdraw import withdraw_edition

        withdraw_edition(year, version, reason)


@app.command("withdraw-delivery")
def withdraw_delivery(
    year: Annotated[int, typer.Argument(help="The survey year.")],
    delivery: Annotated[str, typer.Argument(help="Its number, or the name of its file beside the questionnaire.")],
    reason: Reason,
) -> None:
    """Withdraw an accepted delivery: its file is kept aside, and the next run does without it."""
    with plainly():
        from orchestration.cli.withdraw import withdraw_delivery as withdraw_it

        withdraw_it(year, delivery, reason)


@app.command()
def status() -> None:
    """Say on one screen what is there, what is open (!) and what comes next."""
    with plainly():
        from orchestration.cli.upkeep import show_status

        show_status()


@app.command()
def doctor(mend: Annotated[bool, typer.Option("--mend", help="Mend what is safe to mend.")] = False) -> None:
    """Say all that is wrong with the state of this installation, each with what mends it; exit code 1 if anything
    is."""
    with plainly():
        from orchestration.cli.upkeep import show_damage

        if not show_damage(mend=mend):
            raise typer.Exit(1)


@app.command()
def backup(to: Annotated[Path, typer.Argument(help="A folder that is not there yet.")]) -> None:
    """Copy inputs, lake, warehouse, editions and the Dagster instance: whole, hashed, in one move."""
    with plainly():
        from orchestration.cli.upkeep import make_backup

        make_backup(to)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A folder that 'lea backup' made.")],
    force: Annotated[
        bool, typer.Option("--force", help="Put it in the place of what is there, and keep that.")
    ] = False,
    published: Annotated[
        list[str] | None, typer.Option(help="A newer version that readers have, such as 2023/v5; its number is taken.")
    ] = None,
) -> None:
    """Put a backup in the place of what was lost. Stop the UI and the daemon first."""
    with plainly():
        from orchestration.cli.upkeep import restore_backup

        restore_backup(source, force=force, published=published or [])


@app.command()
def ui(port: Annotated[int, typer.Option(help="The port of the UI on this machine.")] = 3000) -> None:
    """Start the Dagster UI, and serve the editions."""
    with plainly():
        from orchestration.cli.ui import start_ui

        raise typer.Exit(start_ui(port))


@app.command()
def register(
    date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The 1 January that the register is of.")],
    municipalities: Annotated[Path | None, typer.Option(help="CBS's list of municipalities.")] = None,
    changes: Annotated[Path | None, typer.Option(help="CBS's list of mergers and splits.")] = None,
    urbanisation: Annotated[Path | None, typer.Option(help="CBS's urbanisation of each municipality.")] = None,
    disadvantage: Annotated[Path | None, typer.Option(help="CBS's disadvantage scores of each municipality.")] = None,
) -> None:
    """Make the registers of a date from CBS's files (.xlsx or .csv), as they were published.

    What CBS does not know yet is inherited from an earlier year, and named. All of it is written, or nothing.
    """
    with plainly():
        from orchestration.cli.register import make_register

        files = {
            "municipalities": municipalities,
            "changes": changes,
            "urbanisation": urbanisation,
            "disadvantage": disadvantage,
        }
        make_register(date.date(), {kind: file for kind, file in files.items() if file is not None})


@app.command("new-year")
def new_year(
    year: Annotated[int, typer.Argument(min=2000, max=2099, help="The survey year to start.")],
    dropped: Annotated[list[str] | None, typer.Option(help="A question that is no longer asked, by its id.")] = None,
    merged: Annotated[
        list[str] | None,
        typer.Option(help="A merger, 'GM0001,GM0002=GM0003 Name', or a split, 'GM0001=GM0002,GM0003'."),
    ] = None,
    date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The date of its register.")] = None,
    origin: Annotated[Literal["real", "synthetic"] | None, typer.Option(help="Whether its answers are real.")] = None,
) -> None:
    """Start a survey year from the year before, status planned, and say what a person must decide.

    --dropped and --merged can be given more than once. At a terminal, without options, it asks.
    """
    with plainly():
        from orchestration.cli.years import Wishes, guide

        guide(year, Wishes(tuple(dropped or ()), tuple(merged or ()), date.date() if date else None, origin))


@app.command()
def questionnaire(
    year: Annotated[int, typer.Argument(help="The survey year.")],
    to: Annotated[Path, typer.Option(help="The folder to write to.")],
    which: Annotated[
        Literal["codebook", "template", "text", "ddi", "all"], typer.Option("--as", help="What to write.")
    ] = "all",
) -> None:
    """Write what others need of a questionnaire: codebook, delivery template, Dutch text, DDI. It holds no answers."""
    with plainly():
        from orchestration.cli.handouts import write_handouts

        write_handouts(year, to, which)


@app.command()
def export(
    year: Annotated[int, typer.Argument(help="The survey year.")],
    to: Annotated[Path, typer.Option(help="The file to write (.sav).")],
) -> None:
    """Write a year's answers that count now as an SPSS file, with labels and missing values. For inside only."""
    with plainly():
        from orchestration.cli.handouts import export_answers

        export_answers(year, to)


@app.command()
def explain(
    table: TableName,
    row: Row = None,
    column: Column = None,
    report: ReportName = None,
    language: Language = "nl",
    edition: EditionFolder = None,
) -> None:
    """Say where a published number comes from: definition, base, SQL, and the municipalities behind it.

    Without a row: the numbers of the table.
    """
    with plainly():
        from orchestration.cli.explain import explain as explain_cell

        explain_cell(table, row, column, report, language, edition)


@app.command("what-if")
def what_if(rule: RuleName, threshold: AtLeast, language: Language = "nl") -> None:
    """Say how the risk lists and the selection would change with another threshold. Nothing is written.

    --rule and --threshold go together, and can be given more than once.
    """
    with plainly():
        from orchestration.cli.what_if import what_if as show_what_if

        show_what_if(rule, threshold, language)


@app.command("select")
def select(
    year: Year,
    number: Annotated[int, typer.Option(min=1, help="How many municipalities.")] = 22,
    seed: Annotated[int, typer.Option(min=0, max=10**9, help="Repeats the draw.")] = 1,
) -> None:
    """Select municipalities for interviews that vary in urbanisation and disadvantage; once per survey year.

    One of each kind as far as they go, the rest in proportion; only who filled in the questionnaire.
    """
    with plainly():
        from orchestration.cli.select import select_for_interviews

        select_for_interviews(year, number, seed)


@code.command("export")
def code_export(file: CodingFile, year: Year, coder: Coder) -> None:
    """Write the open answers of a year to a workbook, with suggestions and a drop-down list of codes.

    Suggestions come from earlier years, the examples of the code frame and the coder's own codes, never another's.
    """
    with plainly():
        from orchestration.cli.coding import export_answers

        export_answers(file, year, coder)


@code.command("import")
def code_import(file: CodingFile, year: Year, coder: Coder) -> None:
    """Take a workbook back: its codes take the place of those that this coder gave before."""
    with plainly():
        from orchestration.cli.coding import import_codes

        import_codes(file, year, coder)


@code.command("agreement")
def code_agreement(year: Year) -> None:
    """Say how far coders agree: Krippendorff's alpha by code frame. Nothing is written."""
    with plainly():
        from orchestration.cli.coding import show_agreement

        show_agreement(year)


def _said(
    sheet: str | None,
    header_row: int | None,
    encoding: str | None,
    delimiter: str | None,
    dialect: str | None,
) -> dict[str, str | int]:
    """How to read a file, as far as the command line says it."""
    wording = {
        "sheet": sheet,
        "header_row": header_row,
        "encoding": encoding,
        "delimiter": delimiter,
        "dialect": dialect,
    }
    return {name: value for name, value in wording.items() if value is not None}
