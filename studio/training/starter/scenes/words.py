"""The words of the caption grammar: what each thing and each mood may be called."""

COLOUR_NAMES = {
    "red": ("red", "red", "crimson", "scarlet"),
    "grey": ("grey", "gray"),
    "purple": ("purple", "violet"),
    "pink": ("pink", "rose"),
}
HOUSES = ("house", "house", "house", "cottage", "home")
CASTLES = ("castle", "castle", "fortress")
BOATS = ("boat", "sailboat", "sailing boat")
BALLOONS = ("hot air balloon", "balloon", "hot-air balloon")
CATS = ("cat", "cat", "kitten")
SNOWMEN = ("snowman", "snowman", "snowman with a black hat")
TULIPS = ("tulip", "tulip", "tulip flower")
MUSHROOMS = ("mushroom", "mushroom", "toadstool")
FLOWERS = ("flowers", "flowers", "wildflowers")
FENCES = ("fence", "wooden fence", "picket fence")
TREES = {
    "pine": ("pine tree", "fir tree", "pine"),
    "round": ("green tree", "tree", "leafy tree", "oak tree"),
    "palm": ("palm tree", "palm"),
    "autumn": ("autumn tree", "orange tree", "tree with autumn leaves"),
}
COUNTS = {
    2: ("two", "a pair of"),
    3: ("three", "a few", "some"),
    4: ("four", "a few", "some"),
    5: ("five", "several", "many"),
    6: ("several", "many"),
    7: ("many", "a lot of"),
}
PLACES = {
    "left": ("on the left", "at left"),
    "middle": ("in the middle", "in the centre"),
    "right": ("on the right", "at right"),
}
TIMES = {
    "day": ("under a blue sky", "on a sunny day", "daytime", "in daylight", "blue sky"),
    "dawn": ("at dawn", "under a pink dawn sky", "at sunrise", "in the early morning", "dawn"),
    "sunset": ("under a sunset sky", "at sunset", "at dusk", "in the evening", "sunset"),
    "night": ("at night", "under a night sky", "in the night", "night"),
}
STYLES = {
    "flat": ("flat illustration", "picture book illustration", "flat style"),
    "watercolour": ("watercolour", "watercolour painting", "watercolor painting", "watercolor"),
    "pencil": ("pencil drawing", "pencil sketch", "coloured pencil drawing"),
    "neon": ("neon", "neon style", "neon lights", "glowing neon art"),
}
GROUNDS = {
    "meadow": ("in a meadow", "on a green meadow", "on grass", "meadow", "green field"),
    "desert": ("in the desert", "on desert sand", "desert"),
    "snow": ("in the snow", "on snowy ground", "winter landscape", "snow"),
}
WATERS = {
    "lake": ("by a lake", "beside a lake", "next to a lake", "a lake"),
    "river": ("by a river", "near a river", "a winding river", "a river"),
    "sea": ("by the sea", "near the sea", "the sea", "at the seaside"),
}
BACKS = {
    "mountains": ("mountains in the background", "mountains", "in front of mountains"),
    "hills": ("rolling hills", "hills in the background", "hills"),
}
SUNS = {
    "day": ("sun", "the sun", "sun in the sky"),
    "dawn": ("rising sun", "low sun"),
    "sunset": ("setting sun", "low sun"),
}
FULL_MOONS = ("full moon", "moon", "the moon")
CRESCENTS = ("crescent moon", "moon", "the moon")
STARS = ("stars", "starry sky", "many stars")
RAINBOWS = ("a rainbow", "rainbow")
BIRDS = ("birds", "flying birds", "birds in the sky")
PATHS = ("a path", "a winding path", "a sandy path")
BRIDGES = ("a bridge", "a wooden bridge", "a bridge over the river")
SNOWFALLS = ("snowing", "falling snow", "snowfall")

NOTHING = ("nothing", "empty", "remove", "background", "remove the object", "clean background")
"""Ways of asking that a masked area hold no object."""

JUST = {
    "meadow": ("just grass", "grass", "empty meadow"),
    "desert": ("just sand", "sand", "empty desert"),
    "snow": ("just snow", "snow", "empty snow field"),
}
"""The same, naming the ground."""

JOINING = ("by", "beside", "under", "in", "on", "at", "near", "next")
"""First words that need no comma before them."""
