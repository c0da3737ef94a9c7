# Where this chapter is in the book.
PART = 3
load "figures/style.gp"
load "figures/map.gp"
