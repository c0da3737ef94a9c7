# Where this chapter is in the book.
PART = 14
load "figures/style.gp"
load "figures/map.gp"
