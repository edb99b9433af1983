"""Small files and mappings for the tests of imports."""

import csv
import datetime

from apps.imports.mapping import parse

AS_OF = datetime.date(2026, 6, 1)

TELCO = [
    *("customerID", "gender", "SeniorCitizen", "Partner", "Dependents", "tenure"),
    *("PhoneService", "MultipleLines", "InternetService", "OnlineSecurity", "OnlineBackup"),
    *("DeviceProtection", "TechSupport", "StreamingTV", "StreamingMovies", "Contract"),
    *("PaperlessBilling", "PaymentMethod", "MonthlyCharges", "TotalCharges", "Churn"),
]

PLAIN = {
    "account": {
        "reference": "Ref",
        "name": "Name",
        "mrr": "MRR",
        "started_on": "Since",
        "churned_on": "Left",
    },
    "contact": {"name": "Person", "email": "Mail", "phone": "Phone"},
}
HEADER = ["Ref", "Name", "MRR", "Since", "Left", "Person", "Mail", "Phone"]


def mapping(content=None, **settings):
    """A mapping like `PLAIN`, or of the given tables."""
    return parse({**(content or PLAIN), **settings}, name="test.toml")


def row(reference="C-1", name="Larkspur Dental", mrr="249.00", since="2024-01-15", **rest):
    """Cells of one row in the columns of `HEADER`."""
    cells = {"Ref": reference, "Name": name, "MRR": mrr, "Since": since, **rest}
    return [cells.get(column, "") for column in HEADER]


def write(path, *rows, header=HEADER, delimiter=",", encoding="utf-8"):
    """Write a CSV file and return its path."""
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
    return path


def telco(reference, tenure="12", charges="29.85", churn="No"):
    """Cells of one row in the columns of the telco sample."""
    cells = {
        "customerID": reference,
        "tenure": tenure,
        "MonthlyCharges": charges,
        "Churn": churn,
        "Contract": "One year",
    }
    return [cells.get(column, "No") for column in TELCO]
