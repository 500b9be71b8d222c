"""The words of being away, of mail and of whom to turn to: what absence notices and receipts are made of.

No word of a matter is among them, nor of waiting, missing or wanting something, nor a verb of what has happened but
that somebody left or that a letter came: whoever writes to a municipality needs one of those. A word that ends with an
asterisk stands for all that begin so.
"""

_SWEDISH = """
    administratör* adress* akut akuta alla allt andra anmälan annan annars annat anställ* ansvar* ansökan
    anträffas anträffbar* användas använder används april arbet* assistent* assisterar att aug augusti
    autogenerer* automatisk* autosvar* avdelning* avslutar avslutat avsändare bara barnledig* befattning
    begräns* behandl* behjälplig behov behöv* bekräft* belastning bemann* berörd* beställning* besvara* besök
    bevak* bifogad bolag* borta bortrest* borttag* brev brevlåd* brådsk* bråttom butiken bästa båda början chef*
    cirka dag dagar dagen dagligen dagtid dec december deltid delvis den denna dessa dessvärre det detaljer
    detta diarienummer* dig din dina direkt distans ditt dröj* dygn där därefter därför därmed efter
    eftermiddag* efterträd* ekonomi* eller emot enbart endast enhet enheten enstaka epost* era ersättare*
    ersätter ert ett expeditionen faktur* fastighetsjour* feb februari felanmälan fem filter fin finns firma*
    flera flesta flex* formulär* fort fortsatt fot fram framme framtida framåt framöver fre fredag* from fråga
    frågan frågeställning* frågor från frånvar* funktionsbrevlåd* fyra följ följa för fördelar fördelas fördröj*
    före företaget förfrågan förfrågning* förhindrad förmiddag* förrän först första förståelse förstående
    försäljning* försök försöker föräldraledig* ger ges glad glada god goddag granska granskas grund gäller
    gärna gång gånger går gått gör göra görs hallå halvtid hand handlar handlägg* hanter* har hej hejsan hela
    helg* helpdesk* helt hem hemma hemsida* heter hinner hjälpa hjälper hos hälsar hälsning* hänsyn hänvis* här
    härmed hållas håller hög hör höra höres hösten höstlov höstlovet idag igen igång imorgon info information
    inga ingen inget inkommande inkommen inkommit inkomna inkorg* innan inom instruktion* inte internet
    inventering* istället jag jan januari jobb* jour* jul julen juli julledig* jullov* julstäng* julveckan juni
    just kan kansli* klick klicka klockan klämdag* kollega* kollegor* kommer kommit kompens* kompledig*
    konferens* kontakt kontakta kontaktar kontaktas kontaktcenter* kontaktperson* kontaktuppgift* kontor*
    kontroller* koordinator* kopplar kopplas kram kund* kurs kursen kvar kvitterar kvitteras kväll kvällar
    kvällstid ledig lediga ledighet* leverans* levereras ligger lov lunchstäng* läggas läkar*
    lämna lämnar lämnas lämnat längre länk länken läs läsa läsas läser läses lång långa löpande lör lördag*
    mail* maj mammaledig* manuellt mars med medarbetare* meddelande* medier medlem* mejl* mellan men mer mera
    midsommar* mig min mina minuter mitt mitten mobil* morgon mot mottag* mvh mycket mässa mån månad* måndag*
    många möjligast möjligen möjlighet* möjligt möte möten namn namnet nedan nio normalt notera nov november
    nummer numret nya nytt nyår* när närvarande nästa nåbar någon något några når nås nödvändig* obemann*
    obs observera och också offert* oftast okt oktober olägenhet* omedelbar* omgående ons onsdag* order
    ordinarie ordning oregelbundet organisation* oss ovan ovanstående pappaledig* pension* period perioden
    person personal* personen personer personligen pga planeringsdag* portal* post posten postlåd* press
    prioriter* procent projekt* påsk* raderas reception* referens* registrer* rekryter* resa resande resor ring
    ringa ringer roll rollen räcker rätt röda sabbat* samma samt samtal samtliga semest* senare senast sept
    september servicedesk* sex sign signerat sista sitter sju sjukdom sjukskriv* ska skall skapades skapat
    skapats sker skicka skickar skickas skriv skriva skräppost* skyndsam* skön sköta sköter sköts slutade slutar
    slutat slutet sms snabbt snarast snart som sommar* sparas sporadiskt sportlov sportlovet start startar stort
    studiedag* styrelsen stället stäng* större support* svar svara svarar svaret svarstid* synpunkt* särskild*
    sön söndag* tack tagit tar tas tel telefon* tfn tid tiden tidigare tidigast till tillbaka tilldel* tillfälle
    tillfällig tillfälligt tillgänglig* tillgång* tillsammans tillsvidare timmar timmarna timme tio tis tisdag*
    tjänst tjänsteres* tjänstgör* tjänstledig* tors torsdag* tre tredje trevlig trevliga träffa träffas
    turordning* två tyvärr täckning tålamod under ungefär uppdatera uppdrag uppdraget uppgifter upphör*
    uppkoppling upplysning* upptagen ursäkta utan utanför utbildning* ute utomlands vab vabb* vanlig vanliga
    vanligt vanligtvis vara vardag* vecka veckan veckodag* veckor verksamhet* via vid vidare vidarebeford*
    vikarie* vintern välkommen välkomna vänd vända vänlig* vänta väntetid* växel* vår våra våren vårt
    webbplats* ännu ärende* även årsskiftet åter återgår återkomm* återvänder åtgärd* åtkomst åtta önskad önskan
    önskar önskas öppet öppettid* öppn* över övriga övrigt
"""
_ENGLISH = """
    able about above abroad access account* acknowledg* active add additional address* after afternoon again
    agent* aim all allow also and annual another answer* any anyone anything apolog* appreciate* approximately
    april are around assigned assist* attending attention august auto-reply automated automatic* aware away back
    backlog bank basis because been before below best between billing block* both break business business-hours
    but call* can can't cannot care carefully case* cell charge check* christmas click* close closed
    colleague* comments company concerning conference* confirm* connectivity contact* convenience country course
    cover coverage covering covers created critical currently customer* day* dear december dedicated delay*
    deliver* department desk details direct* division does don't down due during e-mail* each earlier earliest
    early easter effective either email* emergenc* employ* enjoy enjoying enquir* ensure ensures entire event
    ever every everyone expect expected experiencing extension fair family february feel few filter* finance
    first five following for form* forward* four free friday* from full general generated get getting given glad
    good great had handle handled handling happy has have he's hearing held hello help* her here high higher his
    holiday* hour* human i'll i'm illness immediate* important inbox inconvenience inform information informing
    inquir* instead intermittent into invoice* issue* it's january joined joining july june just kind
    kindly know late later leave left let limited line link log logged long longer look looking madam mail
    mailbox* mails main make manager manually many march maternity matter* may meantime meanwhile media meeting*
    member* merry message* might minute* mobile moment monday* monitored month* more morning most move moved
    name nature need needed needs network new next nice normal* not note november number* observance october off
    off-site office* offsite once only ooo open opened opening operator order organisation organization other
    otherwise our out over overseas parental part part-time parties paternity patience pending person phone*
    please portal position possible present press priority processed project prompt* pto public quer* question*
    queue reach* read reading real reason reasons receipt receive* receiving record* recruitment redirected
    reference* regarding regards related remote* reopen* repl* representative* request* require* resolved
    respon* rest resume resumes retired return* robot role sales saturday* season* seminar send sender sent
    september serious served service* several shall she's shortly should sick signal since sincerely sir site
    slack slow solve solved some somebody someone soon sooner sorry spam sporadic* spring staff successor summer
    summit sunday* support* sure switchboard taken takes taking team teams telephone* text thank* that the their
    them there thereafter these they this those three through thursday* ticket* till time* today today's
    tomorrow touch track trade training travel* trip trying tuesday* twice two type typical typically
    unable unattended under understanding unfortunately unit until update* upon urgency urgent* use used using
    usual* vacation* valued verif* via visit volume* warm was web website* wednesday* week* welcome well
    whatsapp when whenever where which while who whole wifi will winter with within without wonderful work
    worked working works workshop would write year's you your yours
"""
_NORDIC = """
    adgang adresse* afdeling* afsender aften akut* alle ansat ansatt ansvar ansvarlig arbeider arbejder august
    automatisk avdeling* avsender barsel* bedes bedrift* begrenset begrænset behandle* behov beklager bekrefter
    bekræfter besked bestilling* besvar* bli blir bliver bortreist* brug både cirka dag dato december deg
    dekning delvis den denne der dere deres derfor dersom desember dessverre desværre det dette dig din dine
    disse dit e-mail* e-post e-posten efter eftermiddag egen eller epost* etter ettermiddag eventuelt evt
    faktura* februar ferie* fin firma* for formiddag forretningsrejse* forståelse forventes forventet fra fram
    fravær* fredag* frem fri fridag* først førstkommende gang gange gerne gjelder gjenopptar gjerne gjøre god
    goddag gælder gør har haste* hei hele helg helligdag* henvendelse* hilsen hjelp hjælp holder hos hurtig*
    hverdage hvis hyggelig igen igjen ikke imellomtiden indbakke inden indenfor informasjon information innboks
    innen internett istedenfor januar jeg jobber jul juleferie* juli juni kan kollega* kolleger kommende
    konferanse* konference* kontakt* kontor* kort korte kundesenter kundeservice kurs* kveld lang lange langtids
    legg legge lenger lese* lukket længere læs læse læser løbende løpende lørdag* mai mail* mandag* mange marts
    med meddelelse* meg meget melding* mellem mellom mellomtiden mens mig min mine mit mitt modtager modtaget
    morgen mottaker mottat mottatt mulig* mvh måned møde* møte* nedenfor neste noen nogen normalt nummer når nås
    næste nødtilfelle nødvendig også oktober omstilling* omtrent onsdag* opgaver oplysning* oppdrag oppe
    oppgaver opplysning* opprettet oprettet ordre ovenfor over permisjon* person personalmøde planleggingsdag*
    postkasse* projekt* prosjekt* pågående påske raskt registreret registrert reise* rejse* rekkefølge retur
    rigtig riktig ring ringe ringer rolle rækkefølge sags* sak saken saks* samt send sende senest sentralbord*
    sjekke sjekker skal skriftlig* slutta sluttet snart som sommerf* spørgsmål spørsmål stedet stengt stilling
    stillingen svar svare svarer sygemeldt sykmeldt søndag* tager tak takk takke tar telefontid* tiden til
    tilbage tilbake tilbakemelding tilgang tilgjengelig tilgængelig timer tirsdag* tjekker tjenestereise*
    torsdag* trenger tålmodighed tålmodighet uden udlandet uge* uke* under ute uten utenlands utlandet vakt*
    vanligvis ved vedlagt veldig vende vender venlig venligst vennlig vennligst venter videresend* vikar* vil
    virkedager virksomhed* virksomhet* vores vår været weekend åbent åbner åbningstid* åpent åpner åpningstid*
    øjeblikket ønsker øyeblikket
"""
_FINNISH = """
    aamulla aikana ajan alkaen arkipäiv* arkisin asia* asiois* asioitanne asioitasi asti auki automaatti*
    avoinna edelleen eikä elokuu* emme enkä ensi enää esihenkilö* että etätöissä harvoin hei heinäkuu* helmikuu*
    hetkellä hoita* hoitovapaa* huhtikuu* huom* hyvää iltaisin jonossa joten joulu* juhannu* juhlapyh* jälkeen
    kaikissa kautta kello keskiviik* kesäkuu* kesäloma* kesää kiireel* kiireis* kiitos kiitämme kiitän kirjattu
    kirjoit* klo kokouks* kollega* koulutuk* kuluessa kun kysymy* käsitel* käsittel* lasku* lokakuu* loma* lue
    luen lueta luke* lähet* lähtien maaliskuu* maanantai* mahdollisimman marraskuu* matkalla matko* mennessä
    minun minä moi muiss* muita mukavaa mutta muut noin nopeasti normaalia numero* nyt ole olemme olen olet
    opintovapaa* osoit* ota otamme otan otatte ottakaa palaa palaamme palaan palattu* palvelukse* perhevapaa*
    perjantai* pian pidempi poissa* projekt* puh puhelin* puolestani pysty pyyntö* päiv* pääse pääsiäi*
    rajoitet* ruuhka* saakka saapunut saatavilla sairaslomalla sapattivapaa* satunnaisesti sekä sen seuraav*
    sijai* sillä sinun sinuun sisällä soita* soittakaa suljettu syyskuu* sähköpost* tai takaisin tammikuu*
    tapauksessa tapauksissa tarvitse* tavoitat tavoitettavissa tavoittaa teidän teihin terve tervehdys terveis*
    tiedustelu* tiistai* tilau* toimisto* torstai* toukokuu* tunnus työmatka* työsken* tällä tämä tämän töihin
    töissä vahvistamme vahvistus vain vanhempainvapa* vapaa* vastaa* vastauk* vastaus viest* viikko* viiko*
    viimeistään virkamatkalla voit voitte vuosiloma* välillä välitetä yhtey* yleensä yleis* ystävällis*
    äitiysloma*
"""
_GERMAN = """
    abend abends aber abteilung* abwesen* adresse* aktuell alle allgemeine allgemeinen als anfang anfrage*
    angelegt anliegen* ansprechpartner* antwort* april arbeite arbeiten arbeitstag* auch auf aufgaben
    aufgabengebiet aufgrund auftrag* august aus ausland automatisch* automatisiert außer baldige baldmöglichst
    beantwort* bearbeit* bedanken bedingt befinde befinden befindet bei beim benötigen bereits beschäftigt
    besetzt bestellung* bestätig* betreff betriebsferien betriebsurlaub betriebsversammlung bin bis bitte brief*
    brückentag* büro* damen danach dank danke danken dann darauf das dass davon dem den der derzeit des dezember
    die dienstag* dienstreise* diese diesem diesen dieser dieses donnerstag* dringend* dringlich* dritten
    e-mail* eiligen ein eine einem einen einer eingegangen eingeschränkt* einschließlich eintreffen elternzeit
    empfang empfangen ende erfasst erhalten erkrank* erreich* erst ersten falls februar feiertag* firma
    fortbildung fragen frau freien freitag* freundlich* fällen für geduld geehrte geehrter gelesen gemeldet
    generiert gern gerne geschlossen geschäftsreise gesendet geöffnet grüße* guten habe haben hallo hat haus
    hause helfen herr herren herrn heute hierfür hiermit hilft hinweis ich ihnen ihr ihre ihren ihrer infolge
    inklusive innerhalb ist jahr* januar jedoch juli juni kann kein* kolleg* kommende kommenden kontakt* krank*
    kundendienst kundenservice können lautet lediglich leider lese lesen liebe lieber mai mail* mehr mein meine
    meinem meinen meiner melde melden messe mich mir mit mitte mittwoch* momentan montag* morgen mutterschutz
    märz möglich* nach nachmittag* nachricht* netz neuen nicht notfäll* november nummer nur nächst* oder oktober
    ortsabwesend persönlich position postfach* projekt* rechnung* regelmäßig registriert reihenfolge rufen
    rückfragen rückkehr schicken schnell* schreiben schriftlich schulung sehr seminar senden september sich sie
    sind sobald sodass sofern sorgfältig sowie sporadisch stehe stehen steht stelle stunden tag tage tagen
    teilzeit tel telefon* termin termine terminen ticket* trotz täglich tätig umgehend und unregelmäßig uns
    unser unsere unserem unseren unter unterlagen unternehmen unterstützung unterwegs urlaub* verantwortlich
    verfügung verständnis vertret* verwendet verzöger* vielen vom von vor vorgangsnummer* vormittag* wegen
    weihnacht* weitergeleit* weiterhelfen weiterleit* wenden wenn werde werden werktag* wie wieder wir wird
    woche* wurde wurden während währenddessen zeit zeitraum zentrale zugriff zum zur zurzeit zurück zuständig*
    zweiten über übernimmt übernommen
"""
_ROMANCE = """
    abbiamo abril absence absent* acceso accesso accès acesso actuellement adresser agosto alla année antes août
    appeler aprile après-midi assente assuntos asuntos até aucun ausente* aux avec avez avoir avons avril
    azienda baja bien bom bonjour brefs buenas buenos buongiorno bureau* cas caso casos cependant ces cette
    charge chiamare chiusa chiusi chiuso colega collega collègue* compañera compañero compte con conexión
    congreso congé* connessione connexion consulta consultas consulter contact contactar contacte contacter
    contactez contacto contatar contato contatta contattare contattate cordialement cordiali correo* courriel*
    cumprimentos d'urgence dal dans das del della demande* departamento des dezembro dia dias dicembre diciembre
    domande dos dossier* durant dès décembre délais déplacement días e-mail* empresa encerrado encerrados enero
    enregistré enregistrée entre entreprise escriba escribir est estamos estarei estaré estos estou estoy
    factura facture factures fattura fatture fatura febbraio febrero fechado feriado ferie fermé* festivo
    fevereiro fino fois fonction fonctions formation fuera fuori férias férié fériés février fêtes gennaio
    gentile giorni giovedì giugno gli gracias grazie hasta hemos hola inclus indisponible j'ai janeiro janvier
    jeudi joindre jours jueves juillet juin julho julio junho junio jusqu jusqu'au jusque las lavoro les licença
    ligação ligue limitado limitato limité* lire llamar llame los luglio lundi lunedì lunes lus madame maggio
    mai mail* maio mais malattia mardi mars martedì martes marzo março mas maternidad maternità matin mayo
    meilleurs mensagem mensaje* merci mercoledì mercredi mes message* messaggio mission miércoles momento mon
    monsieur médica n'ai notre nous novembre novembro noviembre numero numéro* número obrigada obrigado octobre
    octubre oficina olá ottobre outubro ouvrés par para pas pendant per pero persona personne pessoa plus pont
    por posible possible posta poste potete potrete pour pouvez prendra prendre prise prochain prochaine
    prochains professionnel progetto projet projeto prossima prossimo proyecto próxima próximo può période
    quarta que question questioni questions questões qui quinta recebida recibida recibido referencia referência
    registada registrada registrata regreso regresso remerci* remplace remplacé remplaçant remplaçante reparto
    reprendrai reprise responderei responderemos responderé respuesta retorno retour retraite reunião reunión
    revenir reviendrai reviens reçu* ricevuta ricevuto richiest* rientro riferimento risponderemo risponderò
    ritorno riunione réduit référence répond* réseau salon saludos saluti sans sarò scrivere segunda semaine*
    semana senza septembre septiembre serai serons service setembro settembre settimana sexta siamo sin société
    soit solicitud* sommes sono sont souhaite sous sua suis suo sur sus séminaire tendré tengo terça tout toute
    toutefois trabajo trabalho traitement traité* téléphone ufficio une urgence* urgent* urgenz* urgência
    vacaciones vacances vendredi venerdì veuillez viagem viaggio viaje viernes vos vostra vostro votre vous
    voyage vuelta équipe étranger été
"""
_OTHERS = """
    aan aanvraag aanwezig* adres* afdeling afwezig* ale als antwoord* april augustus beantwoord* bedankt bedrijf
    begrip bel bellen ben beperkt* bereikbaar bericht* beste bezpośrednio bij binnen biur* budu buitenland będę
    března cest* chorobow* cierpliwość codziennie collega* contact cursus czasie czerwca czwart* daarna
    dagelijks dagen dan dank december delegacj* den deze dinsdag dit dla dnia dniach dobry dobrý donderdag
    doorgestuurd dostęp* dovolen* dringende drukte dubna dział* dzień dziękuj* dzwonić děkujeme děkuji e-mail*
    een facturen factuur faktur* februari feestdag* firma firmie functie geachte geduld geen geregistreerd
    gesloten gevallen goede groet* grudnia heb hebben het januari jest jestem jsem juli juni kan kancelář*
    kantoor koleg* koleżank* komende konferenc* kontakt* kunt května kwietnia ledna lees lekarskim lipca
    listopada listopadu lub lutego maandag maar maart macierzyńsk* mail* maja mam marca mateřsk* meer mei met
    middag mijn mimo mobiel mogelijk moj* moment momenteel możliwie najszybciej naléhav* następn* nasz* neem
    neemt nejsem nemocensk* nepřítom* nie nieobecn* niet nog november numer numerem nummer nur obecnie obraťte
    ochtend oddělení odpovím odpowiad* odpowiedzi* odpowiem ograniczon* oktober ongeveer ons ontvangen onze
    opnemen opvolger opóźnieni* oraz orde osoba osobą otrzym* ouderschapsverlof pana pani państwa października
    pilne pilnych piąt* poczt* podróż* poniedział* potwierdz* poważaniem powroc* poza pozdravem pozdraw* pracuj*
    project projekt* prosimy prosince proszę prosím przebywam przez przypadku przyszł* případ* příští razie
    reageer reageren referencyjn* referentie registrován* reis september sierpnia się skontaktuj* služební* snel
    spoed spoedig sporadycznie sprawa sprawach srpna stanowisk* stycznia szanown* szkoleni* szybciej służbow*
    służy telefon* telefoon* ten terug terugkeer terugkomst tijdens toegang tot training trpělivost tydzień
    tygodniu tym týden udziel* uiterlijk uren urgentn* urlop* uur vakantie van vaši verbinding verlof vertraging
    vervanger verwerkt verzoek via volgende voor vracím vragen vriendelijke vrij vrijdag vrátím váš věcech
    waarneemt week weer wekelijks werk werkdag* werken werkzaam wiadomoś* wij woensdag worden wordt wracam
    września wrócę wtor* wysyłki wyłącznie zadzwonić zaken zakenreis zal zarejestrowan* zastupuje zastępstw*
    zastępuj* zgłoszeni* ziek ziekteverlof zijn został została zprávu zpět zullen zwangerschapsverlof zwolnieni*
    zwłok* září února čerpám července června číslo října środ* školení
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
