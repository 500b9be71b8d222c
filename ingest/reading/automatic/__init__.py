"""What programs mail by themselves: failures of letters, absence, receipts, notices."""
