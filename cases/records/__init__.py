"""Official documents kept in order: numbers, the open register, personal data, appeals, disposal and the archive."""
