/** Words the county is written with. All of them were made up for it; no diagnosis is said beyond the need's own name. */

// prettier-ignore
export const givenNames = [
  'Amara', 'Arlo', 'Avery', 'Bilal', 'Cai', 'Celeste', 'Dara', 'Devon', 'Ebele', 'Elio', 'Esme', 'Farah', 'Fen', 'Gwen', 'Harper', 'Idris',
  'Ines', 'Jascha', 'Jude', 'Kasia', 'Kiran', 'Leila', 'Lowri', 'Malik', 'Mei', 'Milo', 'Nadia', 'Noor', 'Oisin', 'Olive', 'Priya', 'Quinn',
  'Rafi', 'Remy', 'Rowan', 'Sabah', 'Saskia', 'Tamsin', 'Teo', 'Uma', 'Vesper', 'Wren', 'Xanthe', 'Yusra', 'Zane', 'Zora',
] as const;

// prettier-ignore
const firstParts = [
  'Alder', 'Bracken', 'Cinder', 'Dapple', 'Ember', 'Fallow', 'Garland', 'Hollin', 'Inkber', 'Juniper', 'Kestrel', 'Lantern', 'Marram',
  'Nettle', 'Orrin', 'Pebble', 'Quill', 'Rushen', 'Sorrel', 'Teasel', 'Umber', 'Vetch', 'Willow', 'Yarrow',
] as const;
// prettier-ignore
const secondParts = [
  'by', 'combe', 'dale', 'fold', 'garth', 'hythe', 'law', 'mere', 'rigg', 'shaw', 'stead', 'thwaite', 'wick', 'worth',
] as const;

/** Invented compounds, so that the full name of a real child is unlikely. */
export const surnames: readonly string[] = firstParts.flatMap((first) => secondParts.map((second) => first + second));

export const towns = [
  'Levelham',
  'Marrowby',
  'Saltreach',
  'Thornfold',
  'Nether Pebbleford',
  'Highlantern',
  'Osierwick',
  'Dapplecombe',
  'Upper Vetch',
  'Kestrelmouth',
] as const;
export const streets = [
  'Withy Lane',
  'Cidermill Road',
  'Old Drove',
  'Beacon Close',
  'Sluice Street',
  'Teasel Way',
  'Orchard Rise',
  'Quarry Hill',
  'Moorhen Place',
  'Chapel Walk',
  'Rhyne Avenue',
  'Hurdle Green',
] as const;
export const places = [
  'Oakrigg',
  'Fernlaw',
  'Millgarth',
  'Otterhythe',
  'Sedgestead',
  'Ashcombe Hill',
  'Brookfold',
  'Cloverby',
  'Dunnock Dale',
  'Elderworth',
  'Foxwick',
  'Gorsemere',
  'Heronshaw',
  'Ivythwaite',
  'Jackdaw Law',
  'Kingcup',
  'Larkrigg',
  'Meadowhythe',
  'Nightjar',
  'Owlstead',
  'Plovergarth',
  'Quaking Grass',
  'Reedmere',
  'Swiftdale',
  'Tansy Fold',
  'Underwick',
  'Violet Bank',
  'Wheatear',
  'Yellowhammer',
  'Bittern Moor',
] as const;

interface NeedWords {
  /** What the child finds hard; follows "{name} ". */
  readonly finds: readonly string[];
  readonly outcomes: readonly string[];
  readonly provision: readonly {
    readonly what: string;
    readonly howOften: string;
    readonly howLong: string;
    readonly who: string;
  }[];
}

const talking: NeedWords = {
  finds: [
    'finds it hard to follow what is said to the whole class.',
    'needs time to find the words for what is meant.',
    'understands more when words come with a picture or a sign.',
  ],
  outcomes: [
    'will follow an instruction of three parts in class, without it being said again.',
    'will tell an adult and two friends about the day, in sentences that they understand.',
  ],
  provision: [
    {
      what: 'A programme of speech and language work, written and checked by a speech and language therapist',
      howOften: 'Three times a week',
      howLong: '20 minutes',
      who: 'A trained teaching assistant',
    },
    {
      what: 'Words that are new in a lesson taught beforehand',
      howOften: 'Every school day',
      howLong: '10 minutes',
      who: 'A teaching assistant',
    },
  ],
};
const feelings: NeedWords = {
  finds: [
    'is often worried when plans change, and may leave the room.',
    'finds it hard to trust adults who are new.',
    'works well in a small group, and finds break times hard.',
  ],
  outcomes: [
    'will use one of three agreed ways to become calm, and stay in the lesson, on four days of five.',
    'will take part in a group of four for a whole activity.',
  ],
  provision: [
    {
      what: 'Time with one key adult to begin and to end the day',
      howOften: 'Every school day',
      howLong: '15 minutes, twice',
      who: 'A key adult who was trained for it',
    },
    {
      what: 'Work on feelings in a small group, planned with an educational psychologist',
      howOften: 'Twice a week',
      howLong: '40 minutes',
      who: 'A trained teaching assistant',
    },
  ],
};
const autism: NeedWords = {
  finds: [
    'likes to know what comes next, and finds a busy room hard.',
    'takes words as they are said.',
    'has deep knowledge of the things that matter most, and finds it hard to leave them.',
  ],
  outcomes: [
    'will move from one activity to the next with a picture plan and no other help.',
    'will ask for a break before becoming upset, four times of five.',
  ],
  provision: [
    {
      what: 'A picture plan of the day, gone through at its start and after lunch',
      howOften: 'Every school day',
      howLong: '10 minutes, twice',
      who: 'A teaching assistant',
    },
    {
      what: 'A quiet place to work and to rest, when it is asked for',
      howOften: 'Every school day',
      howLong: 'As long as it is needed',
      who: 'The class teacher',
    },
  ],
};
const learning: NeedWords = {
  finds: [
    'learns best in small steps that are said again often.',
    'reads and counts like a much younger child.',
    'remembers what was done better than what was said.',
  ],
  outcomes: [
    'will read and spell forty words that are used every day.',
    'will use money to the value of ten pounds in a shop.',
  ],
  provision: [
    {
      what: 'Reading and number work in small steps, in a group of no more than four',
      howOften: 'Every school day',
      howLong: '45 minutes',
      who: 'A teacher',
    },
    {
      what: 'Lessons made simpler, with things to hold and to see',
      howOften: 'In every lesson',
      howLong: 'The whole lesson',
      who: 'The class teacher, with a teaching assistant',
    },
  ],
};
const body: NeedWords = {
  finds: [
    'gets about the school with a frame or a chair, and is tired by the afternoon.',
    'needs help with stairs, with lunch and with changing.',
    'writes slowly, and says much more than can be written down.',
  ],
  outcomes: [
    'will go from one lesson to the next with help from one person only.',
    'will write a page on a computer in a lesson.',
  ],
  provision: [
    {
      what: 'A programme of exercises written and checked by a physiotherapist',
      howOften: 'Every school day',
      howLong: '20 minutes',
      who: 'A trained teaching assistant',
    },
    {
      what: 'Help with moving about, with lunch and with changing',
      howOften: 'Every school day',
      howLong: 'As it is needed',
      who: 'A teaching assistant trained in moving people safely',
    },
  ],
};
const senses: NeedWords = {
  finds: [
    'misses much of what is said or shown at a distance.',
    'needs to sit where everything can be followed.',
    'is tired by the work of following a lesson.',
  ],
  outcomes: [
    'will say when something could not be heard or seen, in every lesson.',
    'will use the equipment without help.',
  ],
  provision: [
    {
      what: 'Teaching and advice from a qualified teacher of children with sensory needs',
      howOften: 'Once a week',
      howLong: '45 minutes',
      who: 'A qualified sensory teacher',
    },
    {
      what: 'Lesson papers made ready in a form that can be followed',
      howOften: 'In every lesson',
      howLong: 'The whole lesson',
      who: 'A teaching assistant',
    },
  ],
};

export const needWords: Readonly<Record<string, NeedWords>> = {
  SEMH: feelings,
  ASD: autism,
  SLCN: talking,
  MLD: learning,
  SLD: learning,
  PD: body,
  SPLD: learning,
  PMLD: body,
  HI: senses,
  VI: senses,
  MSI: senses,
  OTH: learning,
};

export const likes = [
  'building things',
  'singing',
  'football in the garden',
  'drawing animals',
  'trains',
  'cooking',
  'swimming',
  'looking after the dog',
  'stories about space',
  'being first in the lunch queue',
  'gardening',
  'computer games with friends',
] as const;
export const hopes = [
  'to have a friend to sit with',
  'to read a book alone',
  'to go to the same school as the others in the street',
  'to work with animals',
  'to travel to college alone',
  'to feel safe at school',
  'to be listened to',
] as const;

export const reasonsToAssess = [
  'The school has given help for two terms, and it was checked and changed each time. Progress stays slow.',
  'The reports agree that more may be needed than the school can give from what it has.',
  'We need to know more about what helps before we can say what should be provided.',
] as const;
export const reasonsNotToAssess = [
  'The school began new help in the last term, and the reports show that it is working.',
  'The help that the reports advise can be given by the school from what it has.',
  'The school can ask our advisers to visit, and has agreed to do so this term.',
] as const;
export const reasonsToIssue = [
  'The advice agrees on help each day that the school cannot give from what it has.',
  'Several services must work together, and a plan is needed so that they do.',
] as const;
export const reasonsNotToIssue = [
  'The assessment showed what helps, and the school can give it from what it has.',
  'All the advice asks for is in place now, and the school has agreed to keep it up.',
] as const;
export const reasonsForPlacement = [
  'The setting can meet the needs in the plan, and the family asked for it.',
  'The setting has said that it can meet the needs in the plan.',
] as const;
export const familySays = [
  'We want help to be given every day, not only when somebody is free.',
  'Mornings are the hardest. Once at school, the day goes well when there is a plan.',
  'We are proud of how kind our child is to younger children.',
  'We worry about the next school, and would like to visit it early.',
] as const;
