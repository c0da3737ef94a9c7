# Where this chapter is in the book.
PART = 6
load "figures/style.gp"
load "figures/map.gp"
