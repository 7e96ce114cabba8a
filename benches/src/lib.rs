//! Comparisons of segue with its peers; run by hand, never part of the tests.
