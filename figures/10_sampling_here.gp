# Where this chapter is in the book.
PART = 10
load "figures/style.gp"
load "figures/map.gp"
