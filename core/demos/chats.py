"""The conversations of the demo shop's last seven days, the oldest first."""

from datetime import timedelta

from core.demos.script import Chat, Closes, HandsBack, Knows, Presses, Says, Visitor, Writes
from models.customers import FactSource

_MIRA = Visitor(
    "Mira Castellan",
    "mira.castellan@mail.example",
    "LL-20417",
    is_verified=True,
    attributes={"orders": 7, "customer_since": "2021", "last_order": "LL-88213"},
    told={"cart": "Harbour wall lamp", "orders": 8},
    facts=[
        Knows("Rather waits for a good piece than gets a quick one"),
        Knows("Delivery of LL-88213 is on us", FactSource.TEAMMATE, days=30),
        Knows("Member of the lamp club", FactSource.SITE),
    ],
)
_THEO = Visitor("Theo Marchetti", "theo@marchetti.example", "LL-31882", attributes={"orders": 1})
_HANNE = Visitor(
    "Hanne Vik",
    "hanne.vik@post.example",
    "LL-29060",
    attributes={"orders": 3},
    facts=[
        Knows("Has no printer for labels", FactSource.AGENT),
        Knows("Owns an Aster in smoked glass", FactSource.TEAMMATE),
    ],
)
_JONAS = Visitor(
    "Jonas Albrecht",
    "jonas@studio-albrecht.example",
    "LL-T-112",
    is_verified=True,
    attributes={"plan": "trade", "company": "Studio Albrecht"},
    facts=[
        Knows("Furnishes a hotel, about 40 bedside lamps, delivery in March"),
        Knows("Was offered 22% off the Pebble in brass", FactSource.TEAMMATE, days=90),
    ],
)
_PRIYA = Visitor("Priya Raman", "priya.raman@mail.example", "LL-33501", attributes={"orders": 2})
_ROSA = Visitor("Rosa Ekdahl", "rosa.ekdahl@mail.example")
_BEN = Visitor("Ben Okafor", "ben.okafor@mail.example", "LL-33970", attributes={"orders": 1})


def _ago(days: int = 0, hours: int = 0, minutes: int = 0) -> timedelta:
    return timedelta(days=days, hours=hours, minutes=minutes)


CHATS = (
    Chat(
        _ago(days=6, hours=7),
        [
            Says("Hello"),
            Says("How long does delivery take?", after=0.3),
            Says("And what does shipping cost?"),
            Says("perfect, thank you"),
        ],
    ),
    Chat(
        _ago(days=6, hours=3),
        [
            Says("My parcel arrived and the glass shade is broken :("),
            Says("I have no printer for a label, do I have to send it back?"),
            Presses(),
            Writes("Hello Hanne, I am sorry about your Aster. No need to send anything back: a photo is enough."),
            Says("Here is what it looks like: the rim has a crack about as long as my thumb.", after=6),
            Writes("Thank you. A new glass leaves today, you get the tracking by e-mail. Please recycle the old one."),
            Says("That was quick. Thanks Samir", after=2),
            Closes(),
        ],
        _HANNE,
    ),
    Chat(_ago(days=5, hours=22), [Says("Which bulb do I need for a table lamp?"), Says("is it dimmable?")]),
    Chat(
        _ago(days=5, hours=18),
        [
            Says("Do you have a loyalty programme?"),
            Says("ok, thanks"),
        ],
    ),
    Chat(
        _ago(days=5, hours=4),
        [
            Says("I'd like to return a cushion. How does that work?"),
            Says("How many days do I have to send it back?"),
            Says("Who pays for the return shipping?"),
            Says("great, that helps"),
            Closes(after=30),
        ],
    ),
    Chat(
        _ago(days=4, hours=23),
        [
            Says("We are furnishing a small hotel and need about 40 bedside lamps. Do you give trade prices?"),
            Presses(after=2),
            Writes("Hello Jonas, 40 is a lovely number. Shall it be the Pebble or the Aster?", "Olga"),
            Says("The Pebble, in brass, with a switch on the cable. Delivery in March would be fine.", after=9),
            Writes("The offer is in your mailbox: 22% off, and one lamp ahead, to try.", "Olga", after=35),
            Says("Wonderful, I will show it to the owners.", after=14),
            Closes(after=40),
        ],
        _JONAS,
    ),
    Chat(
        _ago(days=4, hours=8),
        [Says("Can I wash the linen cushion covers in the machine?"), Says("What about the wool throw?")],
    ),
    Chat(_ago(days=4, hours=6), [Says("Does the Halo work with my voice assistant?")]),
    Chat(
        _ago(days=4, hours=2),
        [Says("are you a robot?"), Says("ok. when are your shops open?"), Says("thanks, bye")],
        channel="link",
    ),
    Chat(
        _ago(days=3, hours=20),
        [
            Says("Where is my order LL-88213? It still says in the workshop."),
            Says("Can I talk to a person please?"),
            Writes("Hello Mira. Your pendant had a bubble in its glass, so we blew a new one. It leaves on Thursday."),
            Says("Ah, thank you for telling me. I would rather wait for a good one.", after=3),
            Writes("We think so too. The delivery is on us this time."),
            HandsBack(),
            Says("By the way, how do I hang a pendant?", after=25),
            Closes(after=20),
        ],
        _MIRA,
    ),
    Chat(
        _ago(days=3, hours=7),
        [
            Says("how wide should curtains be for a 180 cm window"),
            Says("do you make them to measure"),
            Says("and can I get fabric samples first?"),
        ],
    ),
    Chat(_ago(days=3, hours=6), [Says("Would you sponsor our school fair?")], channel="link"),
    Chat(_ago(days=3, hours=5), [Says("Could you teach a class at our school?"), Says("ok, thanks")]),
    Chat(
        _ago(days=3, hours=1),
        [
            Says("My floor lamp flickers when I turn it down"),
            Says("It is one of those old turning dimmers. Which dimmer do I need?"),
            Presses(),
            Writes("Yes, a trailing-edge dimmer for LED, from 5 watts. Any electrician has them in the van."),
            Closes(after=90),
        ],
    ),
    Chat(
        _ago(days=2, hours=21),
        [Says("Do you ship to Norway?"), Says("When does the Moonrise come back?"), Says("thank you!")],
        Visitor("Ingrid Solheim", "ingrid@solheim.example"),
    ),
    Chat(
        _ago(days=2, hours=9), [Says("Can I rent lamps for an event?"), Says("do you have a loyalty programme?")], _ROSA
    ),
    Chat(
        _ago(days=2, hours=6),
        [
            Says("My promo code does not work"),
            Says("ok, got it"),
        ],
    ),
    Chat(
        _ago(days=2, hours=3),
        [
            Says("Is the Harbour lamp ok outside in the rain?"),
            Says("and in the bathroom?"),
            Says("Which lamps are safe in a bathroom?", after=0.2),
            Says("cool thanks"),
            Closes(after=45),
        ],
    ),
    Chat(
        _ago(days=1, hours=22),
        [
            Says("What is the warranty on lamps?"),
            Says("The switch of mine broke after 14 months. Order LL-71930."),
            Presses(),
            Writes("Hello Priya, that is covered. I am sending a new switch; it clicks in without tools.", after=11),
            Says("Even better than sending the whole lamp.", after=7),
            Closes(after=25),
        ],
        _PRIYA,
    ),
    Chat(_ago(days=1, hours=8), [Says("When does the Moonrise come back?"), Says("hmm ok")]),
    Chat(
        _ago(days=1, hours=5),
        [
            Says("Hi, which rug size do I need for a table for six?"),
            Says("Can somebody look at a photo of my dining room?"),
            Presses(after=1),
        ],
    ),
    Chat(
        _ago(hours=21),
        [
            Says("I typed the wrong address, can I still change it?"),
            Says("It says packed already. Could somebody help me?", after=3),
            Presses(),
            Writes("Hello Theo, I have asked the courier to hold the parcel. Which address is the right one?"),
            Says("14 Quay Street instead of 41. Thank you!", after=2),
            Writes("It is on the label now. I will write again when they have confirmed it.", after=3),
        ],
        _THEO,
    ),
    Chat(
        _ago(hours=7),
        [
            Says("Is there a waiting list for the autumn edition?"),
            Says("Are your fabrics organic?"),
            Says("where are the lamps made?"),
            Says("nice"),
        ],
    ),
    Chat(
        _ago(hours=5),
        [
            Says("Can you dye a shade in a colour of my own?"),
            Presses(),
            Writes("Hello! Which colour, and which shade? Linen takes dye well, paper does not.", "Olga", after=9),
            Says("Linen, 45 cm, something like a dark moss green. I can send you a piece of wall paint.", after=4),
        ],
        Visitor(facts=[Knows("Wants a linen shade, 45 cm, in dark moss green", FactSource.TEAMMATE)]),
    ),
    Chat(_ago(hours=3, minutes=20), [Says("can I pay in instalments"), Says("do you take gift cards")]),
    Chat(
        _ago(hours=2, minutes=5),
        [Says("Do you have student discounts?"), Says("I want to speak to a human", after=0.6)],
        _BEN,
    ),
    Chat(_ago(minutes=52), [Says("Is there feather in the cushions? I am allergic"), Says("Thank you so much")]),
    Chat(
        _ago(minutes=34),
        [Says("Refund not received yet, I sent the lamp back three weeks ago. Order LL-87004."), Presses(after=1)],
        Visitor("Anouk Delorme", "anouk.delorme@mail.example", "LL-30277", attributes={"orders": 4}),
    ),
    Chat(
        _ago(minutes=9),
        [Says("The courier says delivered but there is nothing here and the neighbours have nothing"), Presses()],
        _MIRA,
    ),
    Chat(_ago(minutes=4), [Says("Hi there"), Says("Can I collect my order from the shop in Wellhaven?", after=0.5)]),
)
