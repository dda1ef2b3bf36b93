"""Parts of invented names of seats and people, and invented speeches."""

FIRST_HALVES = (
    "Quill Thistle Candle Lantern Wren Sorrel Juniper Fennel Gorse Tansy Pewter Cobble Rook Otter "
    "Linnet Teasel Bracken Plover Heron Damson Quince Alder Larch Sedge Curlew Kestrel Puffin "
    "Marigold Clover Bramble Willow Yarrow Nettle Saffron Flint Ember Garnet Copper Barley Meadow"
).split()
SECOND_HALVES = (
    "mere ford holm wick stead combe thorpe worth hurst gate haven moor fell dale cross bridge "
    "marsh well shaw brook"
).split()
POINTS = "North South East West Central".split()
SIZES = "Great Little Upper Lower".split()
FIRST_NAMES = (
    "Aisha Alan Amir Angharad Anna Ben Bronwen Callum Carys Chloe Daniel David Eilidh Elena Ewan "
    "Farah Fiona Gareth Grace Hannah Harpreet Idris Imogen Isla Jack James Jia Joseph Kofi Laura "
    "Leila Liam Maria Megan Mina Nadia Niamh Oliver Olu Owen Priya Rachel Rhys Ruth Sanjay Sarah "
    "Siobhan Tariq Thomas Yusuf"
).split()
SURNAMES = (
    "Ambler Archer Baker Bell Birch Bowes Carver Chandler Clay Cooper Dyer Ellis Farrow Fletcher "
    "Frost Gale Glover Gray Hale Hardy Hart Hayward Holt Hunter Keane Lake Lane Marsh Mason Miller "
    "Moss Nash North Oakley Page Parr Pike Potter Quinn Reeve Ridley Rowe Sadler Sharp Shaw Stone "
    "Tanner Thorn Turner Vale Wade Walker Ward Webb Wells West Wilde Winter Wood Wyatt"
).split()

#: Region, nation, and number of seats of the House of Commons (of 650).
REGIONS = (
    ("East", "England", 58),
    ("East Midlands", "England", 46),
    ("London", "England", 73),
    ("North East", "England", 29),
    ("North West", "England", 75),
    ("Northern Ireland", "Northern Ireland", 18),
    ("Scotland", "Scotland", 59),
    ("South East", "England", 84),
    ("South West", "England", 55),
    ("Wales", "Wales", 40),
    ("West Midlands", "England", 59),
    ("Yorkshire and The Humber", "England", 54),
)

#: Speeches of winners.
SPEECHES = (
    "Thank you to everyone who counted through the night, and to everyone who came out to vote.",
    "I will work for those who voted for me and for those who did not.",
    "This seat has never been anybody’s to keep. It is lent, and I shall try to deserve the loan.",
    "My opponents fought a fair campaign, and I thank them for it.",
    "The work starts in the morning. It is nearly morning.",
)
