# Where this chapter is in the book.
PART = 5
load "figures/style.gp"
load "figures/map.gp"
