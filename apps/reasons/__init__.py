"""Why customers leave: categories, reasons with guidance, and the competitors they name."""
