// SPDX-License-Identifier: GPL-2.0-or-later
// Filters the table of xsmc report. What is asked for stands behind the # of the address, so that it can be passed on.
"use strict";
(() => {
    const form = document.getElementById("filters");
    const fields = ["search", "subject", "object", "changed"].map((id) => document.getElementById(id)).filter(Boolean);
    const count = document.getElementById("count");
    const none = document.getElementById("none");
    const rows = [...document.querySelectorAll("tbody tr")].map((row) => ({
        row,
        text: row.textContent.replace(/\u200b/g, "").toLowerCase(),
        may: row.dataset.may.split(" ").map((bits) => parseInt(bits, 16)),
        changed: row.className !== "",
    }));
    const value = (id) => {
        const field = document.getElementById(id);
        return !field ? "" : field.type === "checkbox" ? (field.checked ? "1" : "") : field.value.trim();
    };

    const fits = (entry, words, subject, object, changed) => {
        const who = subject === "" ? entry.may : [entry.may[Number(subject)]];
        const bits = object === "" ? -1 : 1 << Number(object);
        return (!changed || entry.changed) && words.every((word) => entry.text.includes(word)) &&
            (subject === "" && object === "" || who.some((may) => may & bits));
    };

    const filter = () => {
        const words = value("search").toLowerCase().split(/\s+/).filter(Boolean);
        let shown = 0;
        for (const entry of rows) {
            entry.row.hidden = !fits(entry, words, value("subject"), value("object"), value("changed"));
            shown += !entry.row.hidden;
        }
        count.textContent = shown === rows.length ? `all ${shown}` : `${shown} of ${rows.length}`;
        none.hidden = shown !== 0;
    };

    const remember = () => {
        const asked = new URLSearchParams(fields.map((field) => [field.id, value(field.id)]).filter(([, v]) => v));
        history.replaceState(null, "", asked.size || String(asked) ? `#?${asked}` : location.pathname + location.search);
    };

    const recall = () => {
        if (!location.hash.startsWith("#?"))
            return;
        const asked = new URLSearchParams(location.hash.slice(2));
        for (const field of fields)
            if (field.type === "checkbox")
                field.checked = asked.has(field.id);
            else
                field.value = asked.get(field.id) || "";
    };

    form.hidden = false;
    form.addEventListener("input", () => { filter(); remember(); });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => { filter(); remember(); }));
    document.addEventListener("keydown", (event) => {
        if (event.key === "/" && !/^(input|select|textarea)$/i.test(event.target.tagName)) {
            event.preventDefault();
            document.getElementById("search").focus();
        }
    });
    window.addEventListener("hashchange", () => { recall(); filter(); });
    recall();
    filter();
})();
