"""What is asked of the store besides cases, and what it answers: mail, documents, incidents, pages' lists and cases."""
