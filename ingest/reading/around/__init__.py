"""What stands above and below the words of a mail: warnings, closings, signatures, small print."""
