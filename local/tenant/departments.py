"""The departments of the generated tenant: sizes, titles, and who reports to whom."""

from collections.abc import Sequence
from dataclasses import dataclass

SPAN = 9
"""Direct reports of a manager: person i of a department reports to person (i - 1) // SPAN."""


@dataclass(frozen=True, slots=True)
class Department:
    """A department; `share` is its part of the staff in thousandths."""

    name: str
    share: int
    division: str
    cost_center: str
    cost_class: str
    titles: tuple[str, ...]
    field: bool = False

    def title(self, index: int, size: int, choice: float) -> str:
        """Return the title of person `index` of `size`; `choice` (0 to 1) picks among peers."""
        if index == 0:
            return f"Vice President {self.name}"
        if SPAN * (SPAN * index + 1) + 1 < size:
            return f"Director {self.name}"
        if SPAN * index + 1 < size:
            return f"{self.name} Team Lead"
        return self.titles[int(choice * len(self.titles))]


DEPARTMENTS = (
    Department("Executive Office", 5, "Corporate", "CC-1000", "OPEX",
               ("Executive Assistant", "Chief of Staff")),
    Department("Sales", 140, "Commercial", "CC-2100", "OPEX",
               ("Account Manager", "Account Executive", "Sales Representative",
                "Inside Sales Representative", "Key Account Manager", "Working Student")),
    Department("Marketing", 50, "Commercial", "CC-2200", "OPEX",
               ("Campaign Manager", "Content Editor", "Market Analyst", "Brand Designer",
                "Event Coordinator", "Working Student")),
    Department("Customer Service", 90, "Commercial", "CC-2300", "OPEX",
               ("Customer Service Advisor", "Service Desk Agent", "Complaints Handler")),
    Department("Finance", 50, "Corporate", "CC-1100", "OPEX",
               ("Accountant", "Financial Analyst", "Controller", "Payroll Specialist",
                "Treasury Clerk")),
    Department("Human Resources", 30, "Corporate", "CC-1200", "OPEX",
               ("Recruiter", "HR Business Partner", "Learning Specialist")),
    Department("Legal", 20, "Corporate", "CC-1300", "OPEX",
               ("Legal Counsel", "Paralegal", "Compliance Officer")),
    Department("Engineering", 160, "Products", "CC-3100", "R&D",
               ("Software Engineer", "Mechanical Engineer", "Test Engineer", "Electrical Engineer",
                "Systems Architect", "Project Manager", "Working Student")),
    Department("Product Management", 30, "Products", "CC-3200", "R&D",
               ("Product Manager", "Product Owner", "UX Researcher", "Program Manager")),
    Department("Information Technology", 50, "Corporate", "CC-1400", "OPEX",
               ("System Administrator", "Network Engineer", "Support Engineer",
                "Security Engineer", "Project Manager")),
    Department("Operations", 75, "Supply", "CC-4100", "OPEX",
               ("Buyer", "Demand Planner", "Business Analyst", "Quality Engineer",
                "Program Manager")),
    Department("Field Service", 80, "Supply", "CC-4200", "COGS",
               ("Field Service Technician", "Installation Technician", "Service Dispatcher"),
               field=True),
    Department("Logistics", 80, "Supply", "CC-4300", "COGS",
               ("Warehouse Associate", "Forklift Operator", "Truck Driver", "Shift Lead"),
               field=True),
    Department("Manufacturing", 140, "Supply", "CC-4400", "COGS",
               ("Assembly Technician", "Machine Operator", "Maintenance Technician",
                "Quality Inspector", "Shift Lead"),
               field=True),
)  # fmt: skip

BY_NAME = {department.name: department for department in DEPARTMENTS}


def sizes(staff: int, least: int = 3) -> Sequence[int]:
    """Divide so many people over the departments by share, each getting at least a few.

    The largest department takes what rounding leaves over, so that the sum is exact.
    """
    counts = [max(least, staff * department.share // 1000) for department in DEPARTMENTS]
    largest = max(range(len(counts)), key=counts.__getitem__)
    counts[largest] += staff - sum(counts)
    return counts
