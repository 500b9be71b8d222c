"""What somebody who is away says of himself, and whom he names instead, in the languages that fewer here write."""

# Neither is enough alone: a notice says that somebody is away, and whom or what to turn to.
AWAY = r"""
    ik ben (?:\w{1,12} ){0,4}(?:afwezig|terug|bereikbaar|vakantie|verlof)
    je (?:suis|serai) (?:\w{1,12} ){0,4}(?:absente?|de retour|en congé)
    (?:estoy|estaré|estarei|estou|sono|sarò) (?:\w{1,12} ){0,4}(?:fuera|ausente|vacaciones|férias|\
    fora|fuori|assente|ferie)
    \b(?:unser|das) büro (?:ist|bleibt) [^!?\n]{0,40}\bgeschlossen|\bik ben (?:\w{1,12} ){0,4}aanwezig
    \bjeg har (?:sluttet|slutta) (?:i|hos|på|ved)\b
    (?:jestem|przebywam) (?:\w{1,12} ){0,4}(?:nieobecn\w{1,3}|na urlopie|poza)|wracam|wrócę
    вернусь|в отпуске|меня нет в|мене немає в|повернусь|[ву] відпустці
    در مرخصی|fasax ayaan|izinliyim|izindeyim
    سأعود|أنا في إجازة|خارج المكتب|waxaan (?:\w{1,12} ){0,3}fasax
    \bmám (?:\S{1,12} ){0,2}dovolenou|\bjsem (?:\S{1,12} ){0,4}(?:na dovolené|mimo kancelář|nepřítom\w{1,3})
    \b(?:som|budem) (?:\S{1,12} ){0,4}(?:na dovolenke|mimo kancelárie)
    \b(?:sunt|voi fi) (?:\S{1,12} ){0,4}(?:în concediu|plecat\w?|absent\w?)\b
    \bszabadságon (?:vagyok|leszek)|\bnem vagyok (?:az )?irodá
    απουσιάζω|θα απουσιάσω|(?:είμαι|βρίσκομαι) σε άδεια|εκτός γραφείου
    \b(?:na godišnjem|na odmoru|na dopustu) (?:odmoru )?s[ae]m\b|\bs[ae]m (?:\S{1,12} ){0,3}na (?:godišnjem|dopustu)
    \bolen (?:\S{1,12} ){0,3}puhkusel|\besmu (?:\S{1,12} ){0,3}atvaļinājumā|\batostogauju
    \besu (?:\S{1,12} ){0,3}atostogose
    \bjam (?:\S{1,12} ){0,3}me pushim|\b(?:съм|ще бъда) (?:\S{1,12} ){0,3}в отпуск
    \bég er (?:\S{1,12} ){0,3}(?:í (?:\w{1,12})?(?:fríi|leyfi|orlofi)|fjarverandi)
    休暇(?:を|の|中|に)|不在(?:に|の|です|と)|休假|度假|不在(?:办公室|辦公室)|휴가 ?중|부재 ?중|출장 ?중
    (?:אני|אהיה) (?:\S{1,12} ){0,3}(?:בחופש|בחופשה|מחוץ למשרד|בחו"ל)|(?:לא אהיה|איני|אינני) (?:\S{1,12} ){0,2}במשרד
"""
URGENT = r"""
    \bbij spoed\b|\bmerci de (?:contacter|vous adresser à) (?!mon\b|ma\b|mes\b)(?:[^.!?\n@]{1,40} )?\S{2,60}@
    \bsähköposti\w{0,6} ei lueta|\bota(?:han)? yhteyttä:? \S{2,60}@
    термінових питань|موارد فوری|arrimaha degdegga|acil durum
    (?:по|в) срочн\w{1,3} (?:вопросам|случаях)|للحالات (?:العاجلة|الطارئة)
    w (?:pilnych sprawach|sprawach pilnych)
    \bv (?:naléhavých|urgentních|súrnych|naliehavých) (?:případech|věcech|prípadoch|záležitost\w{1,4})
    \bpentru (?:urgențe|situații urgente|probleme urgente)|\bîn caz de urgență|\bsürgős (?:eset|ügy)
    (?:για|σε) (?:\S{1,12} )?(?:επείγον|επειγόντ|έκτακτ)|\bu hitnim slučajevima|\bv nujnih primerih
    \bkiire(?:te|loomulis\w{1,4}) (?:küsimus|asja)|\bsteidzam\w{1,3} (?:gadījum|jautājum)
    \bskubiais (?:atvejais|klausimais)
    \b(?:raste|çështje) urgjente|\bпри спешн|\bef erindið er (?:brýnt|áríðandi)|\bbrýn(?:um)? (?:erindi|málum)
    緊急の(?:場合|ご?用件|際)|お急ぎの(?:場合|方|ご?用件|際)|如有(?:急事|紧急|緊急)
    紧急(?:事|情况)|緊急(?:事|情況)|급한 (?:용무|일|사항|문의)|긴급한
    (?:נושאים|עניינים|דברים|מקר(?:ה|ים)) דחופים|במקרה (?:דחוף|חירום)
"""
