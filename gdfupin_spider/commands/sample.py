"""`gdfupin sample`."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from click.core import ParameterSource

from ..messages.text import N_, T_
from ..terminal import plain_json, pluralized, shown
from .options import JSON, OUTPUT

if TYPE_CHECKING:
    from ..releases.coding_sample import Sample


@click.command("sample")
@OUTPUT
@click.option(
    "--release", default="latest", show_default=True, metavar="NAME|FOLDER", help="Release of OUTPUT, or a copy of one."
)
@click.option("--n", type=click.IntRange(1), default=300, show_default=True, metavar="N", help="Articles.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Another seed, another sample.")
@click.option(
    "--by",
    default="section,year",
    show_default=True,
    metavar="FIELD,...",
    help="Strata: section, year, month, source_name, status; empty for none.",
)
@click.option("--coders", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Persons who code.")
@click.option(
    "--overlap", type=click.IntRange(0), default=0, show_default=True, metavar="N", help="Articles that all coders get."
)
@click.option("--once", is_flag=True, help="Of reprints only the first article.")
@click.option(
    "--recipe",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw the sample of this recipe again.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx"]),
    default="csv",
    show_default=True,
    help="Of the sheets; xlsx needs the extra `xlsx`.",
)
@click.option(
    "--to", type=click.Path(path_type=Path), default="sample", show_default=True, metavar="FOLDER", help="A new folder."
)
@JSON
@click.pass_context
def sample_command(
    context: click.Context,
    output: Path,
    release: str,
    n: int,
    seed: int,
    by: str,
    coders: int,
    overlap: int,
    once: bool,
    recipe: Path | None,
    form: Literal["csv", "xlsx"],
    to: Path,
    as_json: bool,
) -> None:
    """Draw a sample of articles of a release, with a sheet for each coder.

    \b
    gdfupin sample --n 300 --seed 7 --by section,year --coders 2 --overlap 30
    gdfupin sample --recipe sample/recipe.json --to again

    Strata get their share in proportion to their size. FOLDER gets sample.csv with the stratum, weight and coders of each article,
    coder-1.csv and so on with the texts and empty columns for codes, each in an order of its own, and recipe.json, which gives the
    same sample again. With --format xlsx these are workbooks of Excel, each with the recipe as a second sheet. Articles of an older release that were withdrawn since (`gdfupin withdraw`) are left out.
    """
    from ..catalog.withdrawn import withdrawn_of
    from ..releases.coding_sample import SampleDesign, load_recipe, write_again, write_sample
    from ..releases.folder import ReleasesFolder

    withdrawn = withdrawn_of(output).ids
    if recipe is not None:
        fixed = ("n", "seed", "by", "coders", "overlap", "once")
        if given := [name for name in fixed if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]:
            raise click.UsageError(N_("--recipe excludes --{given}", given=given[0]))
        wanted = load_recipe(recipe)
        asked = release if context.get_parameter_source("release") is ParameterSource.COMMANDLINE else wanted.release
        made = write_again(wanted, ReleasesFolder(output).find(asked), to, withdrawn, form)
    else:
        names = tuple(name.strip() for name in by.split(",") if name.strip())
        design = SampleDesign(n, seed, names, coders, overlap, once)
        made = write_sample(design, ReleasesFolder(output).find(release), to, withdrawn=withdrawn, form=form)
    click.echo(plain_json(made.encode()) if as_json else "\n".join(map(shown, _lines(made))))


def _lines(made: "Sample") -> list[str]:
    recipe = made.recipe
    design, drawn = recipe.design, [each for each in recipe.strata if each.sampled]
    lines = [
        T_(
            "{articles} of release {release}, from {drawn:,} of {strata}; {coders}, {shared} for all of them",
            articles=pluralized(design.n, "article"),
            release=recipe.release,
            drawn=len(drawn),
            strata=pluralized(len(recipe.strata), "stratum", "strata"),
            coders=pluralized(design.coders, "coder"),
            shared=pluralized(design.overlap, "article"),
        )
    ]
    return [*lines, *(T_("written: {folder}", folder=made.folder / name) for name in made.files)]
