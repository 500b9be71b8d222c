"""The rules of the two routines (domain.md §1) in few words, and where in Lyhörd each lives."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """``where`` names the code, letter or setting that carries it; ``lacks`` what is not there yet."""

    says: str
    where: str
    lacks: str = ""


RULES: dict[str, Rule] = {
    "O1": Rule("Part of systematic improvement", "`Case.improvement`, asked at closing; `cases.improvement`"),
    "O2": Rule(
        "Anyone may write",
        "`cases.steps.receiving.receive` asks nothing of the sender; `Party.kind`, `cases.sender_types`",
    ),
    "O3": Rule("Document and analyse everything", "raw mail kept first; area, type, journal, search"),
    "O4": Rule("Klagomål: a fault report or falling short", "`CaseType`; `cases.fault_report_is_complaint`"),
    "O5": Rule("Synpunkt: praise, proposals, anything else", "`CaseType`; letter *beröm*"),
    "O6": Rule("Treat as engagement", "the letters' texts; `lyhord letters --lint`"),
    "O7": Rule("Staff spread the word", "*Hjälp* on every page of the desk; `links.staff_guide`"),
    "O8": Rule("Information on the website", "every letter's foot; `links.information`, `links.form`"),
    "O9": Rule("Preferred ways in", "*Nytt ärende* on the desk; `cases.channels`"),
    "O10": Rule("Other ways in: who receives registers", "`cases.steps.receiving.by_hand.enter`; `Case.registered_by`"),
    "O11": Rule("Anonymous: no feedback", "`cases.letters.permit`, `cases.post.plan`"),
    "O12": Rule("General talk is no case", "`RoutingChoice.NOT_A_CASE`; `cases.not_a_case_reasons`"),
    "O13": Rule("Nor other social media", "no such channel; `cases.refused_channels`"),
    "O14": Rule("Off-duty staff refer to web or form", "letter *hänvisning*; `links.form`, `links.paper_form`"),
    "O15": Rule("The same in dialogues", "channel *medborgardialog*, letter *hänvisning*; `links.paper_form`"),
    "O16": Rule("Public unless secret", "`storage.visibility`; flags"),
    "O17": Rule("No unit named: the chancery's registrator", "letter *till registrator*; `central_registrators`"),
    "O18": Rule("A unit's own registrator", "letter *till enhetsregistrator*; `units.registrators`"),
    "O19": Rule("Outcome: measure decided and done", "`Outcome.ACTED`"),
    "O20": Rule("Outcome: proposal to a deciding body", "`Outcome.PROPOSED`"),
    "O21": Rule("Outcome: further preparation", "`Outcome.FURTHER_PREPARATION`"),
    "O22": Rule("Outcome: political body", "`Outcome.POLITICAL`"),
    "O23": Rule("The choice follows the mandate", "`cases.steps.answering.answer`; `outcomes.roles`"),
    "O24": Rule("Status within ten days", "`cases.steps.watching.promises`; letter *status*; `promises`"),
    "O25": Rule("Decision told orally or in writing", "letters *beslut*; `cases.steps.answering.answer.answer_orally`"),
    "O26": Rule(
        "Yearly compilation, how remedied",
        "`cases.compilations.compilation`; *Statistik*, `lyhord report`; `reports.columns`",
    ),
    "O27": Rule(
        "Yearly review of routine and training",
        "`cases.steps.records.review`; *Översyn* on the desk; letter *översyn*; `routine.review_month`",
    ),
    "O28": Rule("Adopted by whom, when, number", "`routine`"),
    "R1": Rule("Respect despite provocation", "the letters' texts; `lyhord letters --lint`"),
    "R2": Rule("Promise to look into it", "letter *mottagning*"),
    "R3": Rule("Wrong: apologise and correct", "letter *ursäkt*, with the day"),
    "R4": Rule(
        "Answer within three working days", "`cases.promises.deadline`, `cases.steps.watching.reminders`; `promises`"
    ),
    "R5": Rule(
        "Longer: say so, and who handles it",
        "`cases.steps.watching.promises`; letter *längre tid*; `letters.delay_notice`",
    ),
    "R6": Rule(
        "Unhappy with the answer: to the chef",
        "`cases.inbound.unhappy`, `cases.steps.joining.unhappy`; letter *eskalerad*; `escalation.on_unhappy`",
    ),
    "R7": Rule(
        "Serious: nearest chef at once",
        "`cases.steps.routing.suggest.alarm_unopened`, `cases.steps.routing.confirm`; `escalation`",
    ),
    "R8": Rule("Threat: policy, nothing automatic", "flag *hot_vald* holds; letter *till chef*"),
    "R9": Rule("Say whether we receive or forward", "letter *vidarebefordrad*; `letters.forward_notice`"),
    "R10": Rule("Names and titles", "required variables of every signed letter"),
    "R11": Rule("You own it until somebody accepts", "`cases.steps.watching.reminders.hand_back`"),
    "R12": Rule(
        "Put failures right fast; learn", "medians and causes in `cases.compilations.compilation`; `cases.improvement`"
    ),
    "R13": Rule(
        "Twice-yearly report to kommunstyrelsen", "`cases.steps.records.compilations`; letter *halvår*; `reports.chain`"
    ),
    "R14": Rule(
        "Förvaltning to kansli in February, August",
        "`cases.steps.records.compilations`; `reports.half_yearly_months`, `weeks_before`",
    ),
    "R15": Rule("Columns enhet, datum, vad det berör, åtgärd", "`compilation.ListLine`; `reports.columns`"),
    "R16": Rule(
        "The receiving unit registers",
        "`cases.steps.staff.receivers`; letter *till enhetsregistrator*; `cases.first_receiver`, `units.registrators`",
    ),
    "R17": Rule("Förvaltningschef informed", "letter *till förvaltningschef*; `letters.department_head_copy`"),
    "R18": Rule(
        "Only secret documents to kansli's diary", "`cases.steps.routing.confirm.register`; `authorities.diary_of`"
    ),
    "R19": Rule("The same for answers", "`cases.steps.answering.answer`; letter *till förvaltningschef*"),
    "R20": Rule("The unit compiles twice yearly", "`cases.steps.records.compilations`; *Statistik* by unit"),
    "R21": Rule("The blankett's layout", "`lyhord report`: PDF, XLSX and CSV in its columns"),
    "R22": Rule("Förvaltning, kansli, kommunstyrelse", "`Compiler.scope`; `reports.chain`"),
    "R23": Rule(
        "Hallmarks as tags",
        "`cases.steps.working.work.tag`, counted in `cases.compilations.compilation`; `reports.hallmarks`",
    ),
    "R24": Rule("Easy for residents and visitors", "no question of residence anywhere"),
    "R25": Rule("Small things solved at the unit", "`cases.steps.answering.closing.quick_close`; `cases.quick_close`"),
    "R26": Rule("Mail is a received document, searchable", "raw mail kept; `storage.queries.search`"),
    "R27": Rule("What is secret is registered", "`cases.steps.answering.closing.close`"),
    "R28": Rule("Miljö's own diary, the rest at kansli", "`Organisation.diary_of`; `authorities.diary_of`"),
    "R29": Rule("Calls and visits noted", "*Nytt ärende* on the desk; `cases.steps.receiving.by_hand`"),
    "R30": Rule(
        "Stuck, or asked for: the chef",
        "`cases.steps.working.work.escalate`, `cases.steps.joining.unhappy`; `escalation.on_request`",
    ),
    "R31": Rule(
        "Another's matter is forwarded",
        "`cases.steps.working.work.send_back`, `cases.steps.routing.confirm`; letter *vidarebefordrad*",
    ),
    "R32": Rule("The complainant has cause", "the letters' texts; `links.staff_guide`"),
}
