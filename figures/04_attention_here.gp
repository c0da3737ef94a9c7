# Where this chapter is in the book.
PART = 4
load "figures/style.gp"
load "figures/map.gp"
