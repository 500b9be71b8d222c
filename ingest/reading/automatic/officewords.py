"""The words of being away, of mail and of whom to turn to: what absence notices and receipts are made of.

No word of a matter is among them, nor of waiting, missing or wanting something, nor a verb of what has happened but
that somebody left or that a letter came: whoever writes to a municipality needs one of those. A word that ends with an
asterisk stands for all that begin so.
"""

_SWEDISH = """
    adress* akut akuta alla allt andra anmälan annan annars annat anställ* ansvar* ansökan anträffbar* användas
    använder används april arbet* assisterar att augusti autogenerer* automatisk* autosvar* avslutar avslutat
    bara barnledig* begräns* behandl* behjälplig behov behöv* bekräft* belastning bemann* besvara* bevak* borta
    bortrest* borttag* brev brevlåd* brådsk* bråttom butiken bästa båda chef* dag dagar dagen dagligen dagtid
    december deltid den denna dessa dessvärre det detta diarienummer* dig din dina direkt distans ditt dröj*
    dygn där därefter därför därmed efter efterträd* eller emot enbart endast enstaka epost* era ersättare*
    ersätter ert ett expeditionen fastighetsjour* februari felanmälan fem filter fin finns firman flera
    formulär* fort fot fram framme fredag* from fråga frågan frågeställning* frågor från frånvar*
    funktionsbrevlåd* fyra följ följa för fördröj* före företaget förfrågan förfrågning* förhindrad förrän
    förståelse föräldraledig* glad god goddag gäller gärna gång gånger hallå halvtid handlar handlägg* hanter*
    har hej hejsan hela helg* helpdesk* hemma hemsida* heter hjälpa hjälper hos hälsning* hänvis* här härmed hög
    hör höra höres hösten höstlov höstlovet idag igen imorgon inga ingen inget inkommande inkommen inkommit
    inkomna inkorg* innan inom inte istället jag januari jobb* jour* jul julen juli julledig* jullov* julstäng*
    juni just kan kansli* klick klicka klockan kollega* kollegor* kommer kommit konferens* kontakt kontakta
    kontaktar kontaktcenter* kontaktperson* kontaktuppgift* kontor* kontroller* kund* kurs kursen kvar ledig
    lediga ledighet* leverans levereras lov lunchstäng* lämna längre länk länken läs läsa läsas läser läses lång
    långa lördag* mail* maj mammaledig* mars med medarbetare* meddelande* medlem* mejl* mellan men mer mera
    midsommar* mig min mina minuter mitt mobil* morgon mot mottag* mvh mässa månad* måndag* möjligast möjligen
    möjlighet* möjligt möte möten namn namnet nedan nio normalt notera november nummer numret nya nytt nyår* när
    närvarande någon något några når nås obs observera och också oftast oktober olägenhet* onsdag* ordinarie
    ordning oregelbundet oss pappaledig* pension* personal* personligen portal* post posten postlåd* prioriter*
    procent påsk* reception* referens* registrer* resa resande resor ring ringa ringer röda samma samt samtal
    samtliga semest* september servicedesk* sex sju sjukskriv* ska skall sker skicka skickar skickas skriv
    skriva skräppost* skön sköts slutade slutar slutat sms snabbt snarast snart som sommar* sporadiskt sportlov
    sportlovet styrelsen stället stäng* support* svar svara svarar svaret svarstid* synpunkt* söndag* tack tagit
    tar tas tel telefon* tfn tid tiden till tillbaka tilldel* tillfällig tillfälligt tillgänglig* tillgång*
    tillsvidare timmar timmarna timme tio tisdag* tjänst tjänsteres* tjänstgör* tjänstledig* torsdag* tre
    trevlig trevliga turordning* två under uppdatera upphör* upptagen ursäkta utan utanför utbildning* vab vabb*
    vanlig vanliga vanligt vanligtvis vara vardag* vecka veckan veckodag* veckor via vid vidare vidarebeford*
    vikarie* vintern välkommen vänd vända vänlig* väntetid* växel* vår våra våren vårt webbplats* ännu ärende*
    även årsskiftet åter återkomm* åtgärd* åtkomst åtta önskar öppet öppettid* öppn* över övriga övrigt
"""
_ENGLISH = """
    able about above access account* acknowledg* active add additional address* after afternoon again agent* all
    also and annual another answer* any anyone anything apolog* appreciate* april are assigned assist* attending
    attention august auto-reply automated automatic* away back been before below best between block* both
    business business-hours but call* can can't cannot case* check* christmas click* close closed colleague*
    comments concerning conference* confirm* contact* convenience course created currently customer* day* dear
    december dedicated delay* deliver* desk details direct* does don't down due during e-mail* each earliest
    easter either email* emergenc* employ* enquir* every everyone expect family february feel few filter* first
    five following for form* forward* four free friday* from full get getting glad good had happy has have he's
    held hello help* her here his holiday* hour* human i'll i'm illness immediate* inbox inconvenience inquir*
    instead intermittent into issue* it's january july june just kind kindly know leave left let limited line
    link logged longer look madam mail mailbox* mails make manager march maternity matter* may meantime
    meanwhile meeting* member* merry message* might minute* mobile moment monday* monitored month* more morning
    name need needed needs new next normal* not note november number* october off office* once only open opened
    opening order other our out over parental part part-time paternity patience pending person phone* please
    portal possible present priority processed prompt* quer* question* queue reach* read reading real receipt
    receive* record* reference* regarding regards related reopen* repl* representative* request* require*
    respon* resume resumes retired return* robot saturday* season* send sender sent september service* several
    shall she's shortly should sick sincerely sir slow solved some somebody someone soon sorry spam sporadic*
    spring staff successor summer sunday* support* sure team telephone* text thank* that the their them there
    thereafter these they this those three through thursday* ticket* till time* today tomorrow track training
    travel* trip trying tuesday* twice two type typically unable unattended under understanding unfortunately
    until update* upon urgency urgent* use used using usual* vacation* verif* via visit was web website*
    wednesday* week* well when whenever where which while who will winter with within without work worked
    working works would write year's you your
"""
_NORDIC = """
    adgang adresse* akut* alle ansat ansatt arbeider arbejder august barsel* bedes begrenset begrænset behandle*
    beklager besked besvar* bli blir bliver bortreist* både dag december deg delvis den denne der dere deres
    derfor desember dessverre desværre det dette dig din dine disse dit e-mail* e-post e-posten efter egen eller
    epost* etter eventuelt evt februar ferie* fin for forretningsrejse* forventes forventet fra fram fravær*
    fredag* frem fri gang gange gerne gjelder gjerne god goddag gælder har haste* hei hele henvendelse* hilsen
    hjelp hjælp holder hos hurtig* hverdage hyggelig igen igjen ikke imellomtiden indbakke inden indenfor
    innboks innen istedenfor januar jeg jobber jul juleferie* juli juni kan kollega* kolleger kommende
    konferanse* konference* kontakt* kontor* kundesenter kundeservice kurs* legg legge lenger lese* lukket
    længere læs læse læser løbende løpende lørdag* mai mail* mandag* marts med meddelelse* meg meget melding*
    mellem mellom mellomtiden mens mig mine modtaget morgen mottat mottatt mulig* mvh møde* møte* neste noen
    nogen normalt nummer når nås næste nødvendig også oktober omstilling* onsdag* oppe over permisjon*
    postkasse* påske raskt registreret registrert reise* rejse* rekkefølge ring ringe ringer rækkefølge sags*
    sak saken saks* samt send sende sentralbord* sjekke sjekker skal slutta sluttet snart som sommerf* spørgsmål
    spørsmål stedet stengt stilling svar svare svarer sygemeldt sykmeldt søndag* tak takk takke telefontid*
    tiden til tilbage tilbake tilbakemelding tilgang tilgjengelig tilgængelig timer tirsdag* tjekker
    tjenestereise* torsdag* trenger uden uge* uke* under uten vakt* vanligvis ved veldig vende vender venlig
    venligst vennlig vennligst venter videresend* vikar* vil virkedager vores vår været åbent åbner åbningstid*
    åpent åpner åpningstid* øjeblikket øyeblikket
"""
_FINNISH = """
    aikana ajan alkaen arkipäiv* asia* asiois* asti auki automaatti* avoinna edelleen eikä elokuu* emme enkä
    ensi enää että hei heinäkuu* helmikuu* hetkellä hoita* huhtikuu* huom* hyvää joten joulukuu* jälkeen kautta
    keskiviik* kesäkuu* kesäloma* kiireel* kiireis* kiitos kiitämme kirjoit* kokouks* kollega* koulutuk*
    kuluessa kun käsitel* käsittel* lokakuu* loma* lue luen lueta luke* lähet* maaliskuu* maanantai*
    mahdollisimman marraskuu* matkalla matko* mennessä minun minä moi muiss* mutta muut nopeasti numero* nyt ole
    olemme olen olet osoit* ota otamme otan otatte ottakaa palaa palaamme palaan palattu* palvelukse* perjantai*
    pian poissa* puh puhelin* pysty päiv* pääse rajoitet* saakka saapunut sekä sen seuraav* sijai* sillä sinun
    sinuun sisällä soita* soittakaa suljettu syyskuu* sähköpost* tai takaisin tammikuu* tapauksessa tapauksissa
    tarvitse* teidän teihin terve tervehdys terveis* tiistai* toimisto* torstai* toukokuu* työsken* tällä tämä
    tämän töihin töissä vain vanhempainvapa* vapaa* vastaa* vastauk* vastaus viest* viikko* viiko* voit voitte
    vuosiloma* välillä välitetä yhtey* yleensä ystävällis* äitiysloma*
"""
_GERMAN = """
    aber abwesen* adresse* aktuell alle als anfrage* anliegen* antwort* april arbeite arbeiten arbeitstag* auch
    auf august aus automatisch* außer baldmöglichst beantwort* bearbeit* bei beim benötigen bereits beschäftigt
    besetzt bestätig* betreff bin bis bitte brief* büro* damen danach dank danke dann darauf das dass davon dem
    den der derzeit des dezember die dienstag* dienstreise* diese diesem diesen dieser dieses donnerstag*
    dringend* dringlich* e-mail* eiligen ein eine einem einen einer eingegangen eingeschränkt* einschließlich
    eintreffen elternzeit empfangen erhalten erkrank* erreich* erst ersten februar feiertag* fortbildung fragen
    frau freien freitag* freundlich* fällen für geehrte geehrter gelesen gemeldet gern gerne geschlossen
    geschäftsreise geöffnet grüße* guten habe haben hallo hat haus hause herr herren herrn heute hierfür hiermit
    ich ihnen ihr ihre ihren ihrer inklusive innerhalb ist jahr* januar jedoch juli juni kann kein* kolleg*
    kontakt* krank* kundendienst kundenservice können lautet leider lese lesen liebe lieber mai mail* mehr mein
    meine meinem meinen meiner melde melden mich mir mit mittwoch* momentan montag* morgen mutterschutz märz
    möglich* nach nachricht* neuen nicht notfäll* november nummer nur nächst* oder oktober persönlich postfach*
    reihenfolge rufen rückkehr schicken schnell* schreiben schulung sehr senden september sich sie sind sobald
    sodass sowie stehe stehen steht stunden tag tage tagen teilzeit tel telefon* ticket* tätig umgehend und uns
    unser unsere unserem unseren unter unterstützung unterwegs urlaub* verfügung verständnis vertret* verwendet
    verzöger* vielen vom von vor vorgangsnummer* weihnacht* weitergeleit* weiterleit* wenden wenn werde werden
    werktag* wie wieder wir wird woche* wurde wurden während währenddessen zeit zeitraum zentrale zugriff zum
    zur zurzeit zurück über
"""
_ROMANCE = """
    abbiamo abril absence absent* acceso accesso accès acesso actuellement adresser agosto alla année antes août
    appeler aprile assente assuntos asuntos até aucun ausente* aux avec avez avoir avons avril baja bien bom
    bonjour brefs buenas buenos buongiorno bureau* cas caso casos ces cette charge chiamare collègue* con congé*
    consulter contact contactar contacte contacter contactez contacto contatar contato contatta contattare
    contattate cordialement cordiali correo* courriel* cumprimentos d'urgence dal dans das del della demande*
    des dezembro dia dicembre diciembre dos dossier* durant dès décembre délais déplacement días e-mail* enero
    entre escriba escribir est estamos estarei estaré estou estoy febbraio febrero ferie fermé* fevereiro fino
    fois formation fuera fuori férias février fêtes gennaio gentile giovedì giugno gli gracias grazie hasta
    hemos hola inclus indisponible j'ai janeiro janvier jeudi joindre jours jueves juillet juin julho julio
    junho junio jusqu jusqu'au jusque las les ligue limitado limitato limité* lire llamar llame los luglio lundi
    lunedì lunes lus madame maggio mai mail* maio mais mardi mars martedì martes marzo março mas mayo meilleurs
    mensagem mensaje* merci mercoledì mercredi mes message* messaggio miércoles mon monsieur n'ai notre nous
    novembre novembro noviembre numéro* obrigada obrigado octobre octubre oficina olá ottobre outubro ouvrés par
    para pas pendant per pero plus por posible possible posta potete potrete pour pouvez prendra prendre prise
    prochains può période quarta que questioni qui quinta recibido regreso regresso remerci* responderei
    responderemos responderé respuesta retorno retour retraite revenir reviendrai reviens reçu* ricevuto
    richiest* rientro risponderemo risponderò ritorno réduit répond* saludos saluti sans sarò scrivere segunda
    semaine* senza septembre septiembre serai serons setembro settembre sexta siamo sin soit solicitud* sommes
    sono sont souhaite sua suis suo sur sus tendré tengo terça tout toute traité* téléphone ufficio une urgence*
    urgent* urgenz* urgência vacaciones vacances vendredi venerdì veuillez viernes vos vostra vostro votre vous
    vuelta équipe été
"""
_OTHERS = """
    aan aanwezig* adres* afwezig* ale als antwoord* april augustus beantwoord* bedankt bel bellen ben beperkt*
    bereikbaar bericht* beste bezpośrednio bij binnen biur* budu będę března collega* contact czasie czerwca
    czwart* daarna dan dank december delegacj* den deze dinsdag dit dla dnia dniach dobry dobrý donderdag
    doorgestuurd dostęp* dovolen* dringende dubna dzień dziękuj* děkuji e-mail* een februari geachte geen
    gesloten gevallen goede groet* grudnia heb hebben het januari jest jestem jsem juli juni kan kancelář*
    kantoor koleg* koleżank* kontakt* kunt května kwietnia ledna lees lipca listopada listopadu lub lutego
    maandag maar maart mail* maja mam marca meer mei met mijn mimo mogelijk moj* moment momenteel możliwie
    najszybciej naléhav* nasz* neem neemt nejsem nepřítom* nie nieobecn* niet nog november numer numerem nummer
    nur obecnie obraťte odpovím odpowiad* odpowiedzi* odpowiem ograniczon* oktober ons ontvangen onze opnemen
    oraz orde otrzym* pana pani państwa października pilne pilnych piąt* poczt* poniedział* potwierdz*
    poważaniem powroc* poza pozdravem pozdraw* pracuj* prosimy prosince proszę prosím przebywam przez przypadku
    případ* razie reageer reageren september sierpnia się skontaktuj* snel spoed spoedig sprawach srpna stycznia
    szanown* szybciej służy telefon* telefoon* ten terug terugkeer terugkomst tijdens toegang tot tym udziel*
    urgentn* urlop* uur vakantie van vaši verlof via voor vracím vragen vriendelijke vrijdag vrátím váš věcech
    weer werk werkdag* werken werkzaam wiadomoś* wij woensdag worden wordt wracam września wrócę wtor* wysyłki
    wyłącznie zaken zal zgłoszeni* zijn został została zprávu zpět zullen zwangerschapsverlof zwolnieni* září
    února čerpám července června října środ*
"""
_ALL = f"{_SWEDISH} {_ENGLISH} {_NORDIC} {_FINNISH} {_GERMAN} {_ROMANCE} {_OTHERS}".split()
_WORDS = frozenset(_ALL)
_BEGINNINGS = frozenset(word[:-1] for word in _ALL if word.endswith("*"))
_SHORTEST, _LONGEST = min(map(len, _BEGINNINGS)), max(map(len, _BEGINNINGS))

# That somebody is away, or a place closed …
AWAY = r"""
    \w{0,20}semester\w{0,4}|\w{0,10}ledig|frånvar\w{2,4}|bortrest\w?|tjänsteresa|resande fot|sjukskriven|vabb\w{1,3}
    på (?:kurs|utbildning|konferens|mässa|ferie|barsel|kursus|permisjon|reise|rejse)|i (?:utbildning|möten?)
    (?:inte|ej|ikke) (?:längre |lenger |længere )?(?:är |er )?(?:på (?:plats|kontoret|jobb|arbetet)|i tjänst\
    |anträffbar|kvar|anställd|ansatt|ansat|tillgänglig)
    (?:arbetar|jobbar|jobber|arbejder) (?:inte|ej|ikke|deltid|halvtid)|deltid|utanför kontoret|gått i pension
    avslutat|(?:har|er) slutt?at|sluttet|stäng[td]|stengt|lukket
    ferie|barsel|permisjon|bortreist|fraværende|sykmeldt|sygemeldt
    vacation|holidays?|(?:annual|parental|maternity|paternity|sick) leave|on leave|away|travell?ing
    out of (?:the )?office|part-time|closed|no longer (?:works?|working|with|employed)|do(?: not|n't) work
    back (?:at|in|on|to) |out (?:until|till|from|this|today)
    lomalla|\w{0,12}vapaalla|poissa|matkoilla|koulutuksessa|kokouksessa|suljettu
    urlaub|abwesend|elternzeit|mutterschutz|nicht (?:im büro|im haus|erreichbar|mehr (?:bei|für|im|in))|außer haus
    wieder (?:im büro|erreichbar|für sie)|geschlossen|dienstreise
    absente?|en congés?|vacances|déplacement|fermé\w{0,2}|fuera|vacaciones|ausente|ferie|assente|fuori|férias
    vakantie|verlof|afwezig|niet op kantoor|gesloten|urlopie|nieobecn\w{1,3}|poza biurem|dovolen\w{2,3}
    mimo kancelář|nepřítomn?\w{0,3}
"""
# … and whom to turn to.
TURN = r"""
    kontakta?|kontakten|kontaktujte|vänd (?:dig|er)|hänvisa[sr]|hör av (?:dig|er)|contact|direct|reach|wenden
    ring(?:er?)? (?:min|vår|växeln|reception\w{0,2}|kundtjänst|sentralbord\w{0,2}|omstilling\w{0,2})|call (?:my|our|the)
    yhtey\w{2,6}|soita|contactez|contacter|adresser|contacte|contactar|contattare|scrivere|escriba|opnemen|neem|bellen
    obraťte|prosimy|proszę|(?:skicka|skriv|mejla|maila|send|write|schreiben|gå|use) .{0,40}(?:till|to|an|at|@)
    vikarie|ersättare|kollegan?|colleague|hanteras av|hjälper|in the meantime|visit
"""


def is_office_word(word: str) -> bool:
    """Whether a word in small letters is one of those above."""
    return word in _WORDS or any(word[:end] in _BEGINNINGS for end in range(_SHORTEST, min(len(word), _LONGEST) + 1))
