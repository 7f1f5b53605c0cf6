"""The people who exist in every generated tenant, at every size and seed, with the same ids.

Sample bundles list some of them by id, and the documentation tells its stories about them.
"""

from dataclasses import dataclass

from local.tenant.identifiers import fixed_id


@dataclass(frozen=True, slots=True)
class Role:
    """One member of the cast; an empty department means a guest."""

    given: str
    surname: str
    title: str
    department: str
    country: str
    enabled: bool = True
    heads: bool = False
    """Heads the department: its other people report, directly or not, to them."""

    @property
    def nickname(self) -> str:
        """Return the part of the sign-in name before the @."""
        return f"{self.given}.{self.surname}".lower()

    @property
    def id(self) -> str:
        """Return the object id."""
        return fixed_id("user", self.nickname)


CAST = (
    Role("Mei", "Lindqvist", "Chief Executive Officer", "Executive Office", "Sweden", heads=True),
    Role("Tomas", "Okafor", "Vice President Sales", "Sales", "United Kingdom", heads=True),
    Role("Ravi", "Castellano", "Vice President Finance", "Finance", "Spain", heads=True),
    Role("Noor", "Whitfield", "Chief Information Security Officer", "Information Technology",
         "United States", heads=True),
    Role("Ada", "Brandt", "Account Manager", "Sales", "Germany"),
    Role("Oskar", "Delacroix", "Account Executive", "Sales", "France", enabled=False),
    Role("Jonas", "Petrakis", "Field Service Technician", "Field Service", "Germany"),
    Role("Priya", "Sandoval", "Customer Service Advisor", "Customer Service", "Canada"),
    Role("Lena", "Marchetti", "Visiting Draftswoman", "", "United States"),
)  # fmt: skip

CAST_IDS = frozenset(role.id for role in CAST)
