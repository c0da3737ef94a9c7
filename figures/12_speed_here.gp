# Where this chapter is in the book.
PART = 12
load "figures/style.gp"
load "figures/map.gp"
