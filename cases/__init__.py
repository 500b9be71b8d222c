"""The words and the rules of a municipality's feedback desk: the ground floor, standard library only."""
