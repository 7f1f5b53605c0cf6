"""Money: what a policy would cost more or less a month."""

from cli.answers.policy import BundleEffect, Effect, ProductEffect
from cli.screen import clean, listed


def a_month(effect: BundleEffect | ProductEffect) -> str:
    """Return what a bundle or a product would cost more a month, with its currency."""
    if effect.monthly_effect is None:
        return "no price"
    return money(effect.monthly_effect, effect.currency)


def money(amount: float, currency: str) -> str:
    """Return a signed amount, such as `+1,200.00 USD`."""
    rounded = round(amount, 2) or 0.0  # no -0.00
    return f"{rounded:{'+,.2f' if rounded else ',.2f'}} {clean(currency)}"


def sums(effect: Effect) -> str:
    """Return what the candidate costs more a month, by currency, and what is left out."""
    amounts = [money(amount, currency) for currency, amount in sorted(effect.monthly.items())]
    said = f"A month: {listed(amounts)}." if amounts else "A month: no prices are known."
    if effect.unpriced:
        names = listed(effect.called(each) for each in effect.unpriced)
        said += f" Without a price, and left out: {clean(names)}."
    return said
