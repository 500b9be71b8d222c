"""Personal details in running text: names, numbers and addresses found and masked without a model."""
