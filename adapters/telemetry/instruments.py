"""The table of metrics as OpenTelemetry's instruments, each made when it is first needed."""

from collections.abc import Callable, Mapping

from opentelemetry.metrics import Meter

from domain.telemetry.metric import Metric, Sort

type _Instrument = Callable[[float, Mapping[str, str]], None]


class Instruments:
    """Takes the values of all metrics."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._made: dict[str, _Instrument] = {}

    def measure(self, metric: Metric, value: float, dimensions: Mapping[str, str]) -> None:
        """Take one value.

        Raises:
            ValueError: the metric has other dimensions.
        """
        labels = metric.labels(dimensions)
        if metric.name not in self._made:
            self._made[metric.name] = self._make(metric)
        self._made[metric.name](value, labels)

    def _make(self, metric: Metric) -> _Instrument:
        name, unit, says = metric.name, metric.unit, metric.says
        match metric.sort:
            case Sort.COUNT:
                return self._meter.create_counter(name, unit, says).add
            case Sort.LEVEL:
                return self._meter.create_gauge(name, unit, says).set
            case Sort.SPREAD:
                return self._meter.create_histogram(name, unit, says).record
