# Where this chapter is in the book.
PART = 2
load "figures/style.gp"
load "figures/map.gp"
