"""Reports out: calendars, forms, channels, the ledger of submissions and receipts."""
