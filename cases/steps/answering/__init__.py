"""What leaves: answers, copies, files and questions, written on the desk or by mail, and how a letter is stopped."""
