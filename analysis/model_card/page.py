"""Everything the page shows, put together."""

from dataclasses import dataclass

from analysis.model_card.ages import age_charts
from analysis.model_card.canvas import Chart, Row, Table
from analysis.model_card.confusion import confusion_chart, found_chart
from analysis.model_card.failures import failures
from analysis.model_card.fairness import fairness_charts, fairness_table, gap_table
from analysis.model_card.headline import Headline, headlines
from analysis.model_card.reliability import reliability_charts
from analysis.model_card.risk import risk_charts
from analysis.model_card.tolerance import tolerance_charts
from analysis.model_card.types import FEW, Record
from analysis.model_card.words import count, figure_name, figure_text, set_title


@dataclass(frozen=True, slots=True)
class Card:
    """The measured part of the page."""

    model: str
    headlines: tuple[Headline, ...]
    expressions: tuple[Chart, ...]
    reliability: tuple[Chart, ...]
    risk: tuple[Chart, ...]
    ages: tuple[Chart, ...]
    tolerance: tuple[Chart, ...]
    fairness: tuple[Chart, ...]
    groups: Table
    gaps: Table
    few: int
    failures: tuple[str, ...]
    tables: tuple[Table, ...]


def card_of(record: Record) -> Card:
    """The record as pictures, tables and sentences."""
    found = found_chart(record)
    return Card(
        model=record.model,
        headlines=headlines(record),
        expressions=(confusion_chart(record.confusion), *((found,) if found else ())),
        reliability=tuple(reliability_charts(record)),
        risk=tuple(risk_charts(record)),
        ages=age_charts(record.age_bands, record.decades),
        tolerance=tuple(tolerance_charts(record)),
        fairness=tuple(fairness_charts(record)),
        groups=fairness_table(record),
        gaps=gap_table(record),
        few=FEW,
        failures=failures(record),
        tables=tuple(figure_tables(record)),
    )


def figure_tables(record: Record) -> list[Table]:
    """All figures of the record, a table for each set and head."""
    return [
        Table(
            set_title(title),
            ("Figure", "Measured (95% interval)", "Faces"),
            tuple(
                Row((figure_name(name), figure_text(name, figure), count(figure.n)), figure.n < FEW)
                for name, figure in figures.items()
            ),
        )
        for title, figures in record.figures.items()
    ]
