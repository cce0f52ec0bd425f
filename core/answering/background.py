"""Questions that no shop's knowledge should answer: what a score looks like when it means nothing.

They are written for this purpose, one topic of everyday life each, and hold nothing that customers ask a business
(orders, prices, returns, accounts), because such a question may well be answered by somebody's entry.
"""

QUESTIONS = tuple(
    line.strip()
    for line in """
    What is the capital of Mongolia?
    How tall is the Eiffel Tower in feet?
    Who painted the ceiling of the Sistine Chapel?
    What is the square root of two hundred and fifty six?
    Tell me a joke about penguins
    Write a poem about the autumn rain
    What will the weather be like on Saturday?
    Will it snow in Denver tonight?
    Set an alarm for half past six
    Remind me to water the plants tomorrow
    Play some quiet piano music
    Turn off the lights in the kitchen
    How long do I boil an egg?
    What can I cook with chicken and spinach?
    How many calories are in a banana?
    Is oat milk good for you?
    What is a good substitute for butter in a cake?
    Who won the world cup in 1998?
    When does the next football match start?
    How do the playoffs work in basketball?
    Who is the best tennis player of all time?
    What were the causes of the first world war?
    When did the Berlin wall come down?
    Who was the second president of the country?
    What is the population of Brazil?
    Who is the prime minister now?
    How does photosynthesis work?
    Why is the sky blue?
    How far is the moon from the earth?
    How many moons does Jupiter have?
    What is a black hole?
    Explain quantum computing to a child
    What is the boiling point of nitrogen?
    How do vaccines work?
    What are the symptoms of the flu?
    My stomach hurts after eating, what should I do?
    How much sleep does a grown-up need?
    How do I get rid of hiccups?
    What is a normal heart rate?
    Which exercises make my arms stronger?
    How do I train for a marathon?
    How do I teach my dog to sit?
    Why does my cat scratch the sofa?
    How long do hamsters live?
    What do frogs eat?
    Are bats blind?
    How do I grow tomatoes on a balcony?
    When should roses be cut back?
    How do I unclog a sink?
    How do I change a flat tyre?
    What oil does my car need?
    Why is my engine making a strange noise?
    How do I fix a squeaky door?
    How do I get red wine out of a carpet?
    Translate good morning into Japanese
    How do you say thank you in Polish?
    What does the word ubiquitous mean?
    How do you spell necessary?
    What rhymes with orange?
    Which book should I read next?
    Recommend a film for tonight
    Who directed that movie about dreams?
    Who sings the song on the radio?
    What is the plot of Hamlet?
    How many seasons does that series have?
    What is the best video game this year?
    How do I beat the last boss?
    How do I solve a Rubik's cube?
    What are the rules of chess?
    Roll two dice for me
    Flip a coin
    What day of the week is Christmas this year?
    What time is it in Tokyo?
    How many days until summer?
    What is my horoscope today?
    What is the meaning of life?
    Do you believe in ghosts?
    Is there life on other planets?
    What should I name my baby?
    How do I ask somebody out?
    How do I write a letter of application?
    What should I say in a job interview?
    How do I ask my boss for a rise?
    How do I get better at public speaking?
    Which university is best for medicine?
    How do I calculate the area of a triangle?
    Help me with my algebra homework
    Write an essay about climate change
    How do I reverse a list in Python?
    What is the difference between Java and C?
    How do I install Linux on an old laptop?
    What is the fastest animal in the world?
    Which country has the most volcanoes?
    What language do they speak in Ethiopia?
    What is the longest river in Africa?
    What should I see in Rome in two days?
    Do I need a visa for India?
    Is it safe to travel to Colombia?
    What is the best time of year to visit Iceland?
    How do I get to the airport by train?
    Where is the nearest petrol station?
    Is there a good sushi restaurant near me?
    How busy is the motorway this morning?
    Should I invest in gold?
    What is the stock market doing today?
    How do taxes work for the self-employed?
    What is inflation?
    How do I buy my first house?
    How do I make a will?
    What is the legal drinking age in Spain?
    How do I register to vote?
    Who won the election?
    What is in the news today?
    What is the tallest building in the world?
    How do airplanes stay in the air?
    How does a microwave heat food?
    Who invented the telephone?
    When was the printing press invented?
    What is the difference between a crocodile and an alligator?
    How do I tie a tie?
    What should I wear to a wedding?
    How do I get rid of acne?
    How do I braid my hair?
    How do I meditate?
    I feel lonely today
    Tell me something interesting
    What do you think about politics?
    What is your favourite colour?
    Where were you born?
    Do you have any brothers or sisters?
    Sing me a song
    How old are you?
    Can you dance?
    My neighbour is too loud at night
    The bus was late again this morning
    I had a strange dream last night
    My grandmother makes the best soup
    She never answers my letters
    I am so bored
    That is really funny
    It was a long day
    asdf jkl qwerty
    12345
    555 0199
    someone@mail.example
    red
    seven
    maybe later
    the other one
    not really
    """.strip().splitlines()
)
