/**
 * Words that a model may not use about somebody's head, by the reason why. Each is matched as the beginning of a word
 * where it ends in `*`.
 */
const forbidden: Readonly<Record<string, string>> = {
  'says that something is not there, which nobody has looked for':
    "no not never none without nor neither cannot can't cant isn't isnt aren't arent wasn't wasnt weren't werent don't dont doesn't doesnt didn't didnt hasn't hasnt haven't won't wouldn't shouldn't couldn't unaffected unchanged intact preserved spared unremarkable absent absence devoid free lack lacks lacking exclude* excluding exclusion rule ruled rules negative fail fails failed nothing nobody nowhere non hardly barely",
  'is a diagnosis, or comes close to one':
    'tumour* tumor* neoplas* cancer* carcinom* gliom* glioblastom* astrocytom* meningiom* adenom* schwannom* lymphom* metasta* malign* benign lesion* haemorrh* hemorrh* haematom* hematom* bleed* bled microbleed* stroke* infarct* ischaem* ischem* thromb* embol* aneurysm* atroph* dementia* alzheimer* parkinson* huntington* sclero* hydroceph* oedema* edema* cyst* abscess* infect* encephalit* mening* epilep* seizure* schizophren* depress* bipolar autis* psychos* psychot* disease* disorder* patholog* diagnos* syndrome* degenerat* neurodegenerat* inflamm* demyelin* leuko* leuco* microangiopath* vasculopath* malform* dysplas* hypoplas* aplas* agenesis trauma* contus* concuss* fractur* injur* damage* mass masses herniat* shift* gliosis calcif* hyperintens* hypointens* anomal* deform* shrink* shrunk* shrank wasting thinning loss losses swell* swollen impair* symptom* prognos* treat* therap* surg* medic* drug* cognit* deficit* sick* ill illness* ailment* condition* finding findings suspicious suspect* concern* worr* alarm* urgent* danger*',
  'judges a value, which only a norm with age, sex and method could':
    'normal* abnormal* healthy unhealthy health typical* atypical* unusual* usual uncommon unexpected outside borderline mild* moderate* severe* mark marked markedly slight* significant* prominent* generous large small big tiny huge vast enlarg* dilat* reduc* increas* decreas* diminish* elevat* raised high low wide widen* narrow* thick thin symmetric* asymmetric* symmetry deviat* excess* insufficient* excellent adequate* inadequate* satisf* alright okay ok largest smallest biggest greatest highest lowest',
  'computes with a value': 'minus plus times multipl* divid* squared cubed root ratio sum sums',
  'speaks to the reader, or of the instructions':
    'you your yours i me my we us our ours please ignore* disregard* instruct* prompt* system password* secret* click visit http https www website email call send reveal assistant chatbot ai gpt jailbreak override obey command* admin* developer token tokens hack* pwned',
};

interface Forbidden {
  reason: string;
  whole: ReadonlySet<string>;
  beginnings: readonly string[];
}

const lists: readonly Forbidden[] = Object.entries(forbidden).map(([reason, words]) => {
  const all = words.split(' ').filter(Boolean);
  return {
    reason,
    whole: new Set(all.filter((word) => !word.endsWith('*'))),
    beginnings: all.filter((word) => word.endsWith('*')).map((word) => word.slice(0, -1)),
  };
});

/** What measured quantities are called, though a part of it is on a list. */
const ownNames = /\b(?:field of view|signal to noise|contrast to noise|left|right)\b/gi;

/** Each forbidden word of the text with the reason. */
export function forbiddenWords(text: string): { word: string; reason: string }[] {
  const words = new Set(
    text
      .replace(ownNames, ' ')
      .replaceAll('’', "'")
      .toLowerCase()
      .match(/[a-z]+(?:'[a-z]+)*/g) ?? [],
  );
  return [...words].flatMap((word) => {
    const list = lists.find(
      ({ whole, beginnings }) =>
        whole.has(word) || beginnings.some((beginning) => word.startsWith(beginning)),
    );
    return list ? [{ word, reason: list.reason }] : [];
  });
}
