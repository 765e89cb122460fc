"""Metrics as aligned text."""

from collections.abc import Mapping

Metrics = Mapping[str, float | None]


def table(metrics: Metrics) -> str:
    """One metric a line."""
    width = max(map(len, metrics))
    return "\n".join(f"{name:<{width}}  {_number(name, value)}" for name, value in metrics.items())


def nested_table(groups: Mapping[str, Metrics]) -> str:
    """One metric a line, one column a group; a dash where a group lacks it."""
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    width = max(map(len, names))
    head = " " * width + "".join(f"{group:>12}" for group in groups)
    rows = (
        f"{name:<{width}}" + "".join(f"{_number(name, group.get(name)):>12}" for group in groups.values())
        for name in names
    )
    return "\n".join([head, *rows])


def row_table(groups: Mapping[str, Metrics]) -> str:
    """One group a line, one column a metric."""
    names = list(next(iter(groups.values())))
    width = max(map(len, groups))
    head = " " * width + "".join(f"{name:>18}" for name in names)
    rows = (
        f"{group:<{width}}" + "".join(f"{_number(name, metrics[name]):>18}" for name in names)
        for group, metrics in groups.items()
    )
    return "\n".join([head, *rows])


def _number(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, int):
        return str(value)
    return f"{value:.1f}" if name.startswith(("ms_", "words", "tickets_per")) else f"{value:.3f}"
