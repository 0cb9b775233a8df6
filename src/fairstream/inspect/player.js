"use strict";
(() => {
  const pane = document.getElementById("player");
  if (!pane) return;
  const root = document.documentElement;
  const media = JSON.parse(pane.dataset.media);
  const video = document.getElementById("video");
  const part = (name) => document.getElementById(`player-${name}`);
  const rows = [...document.querySelectorAll("#transcript [data-start]")].map((row) => ({
    row,
    start: Number(row.dataset.start),
    end: row.dataset.end === "" ? Number(row.dataset.start) + 4000 : Number(row.dataset.end),
    text: "",
  }));
  for (const said of rows) {
    const words = said.row.querySelector(".text p").cloneNode(true);
    for (const number of words.querySelectorAll("mark a")) number.remove();
    said.text = words.textContent.trim();
  }

  // Where a moment of the broadcast lies in a recording, and the other way, as records.Recording does.
  const position = (recording, ms) => {
    for (const [at, start, length, rate] of recording.stretches) {
      const inside = Math.round((ms - start) / rate);
      if (inside >= 0 && inside <= length) return at + inside;
    }
    return null;
  };
  const moment = (recording, at) => {
    let found = recording.stretches[0];
    for (const stretch of recording.stretches) {
      if (stretch[0] > at) break;
      found = stretch;
    }
    return found[1] + Math.round((at - found[0]) * found[3]);
  };
  const two = (number) => String(number).padStart(2, "0");
  const clock = (ms) => {
    const seconds = Math.floor(Math.max(ms, 0) / 1000);
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    return `${hours ? `${hours}:` : ""}${two(minutes)}:${two(seconds % 60)}`;
  };
  const wall = (ms) => media.started === null ? ""
    : ` · ${new Date(media.started + media.offset + ms).toISOString().slice(11, 19)}`;

  // What is in the player: a clip or a whole recording, and where its first position lies in the recording.
  let held = null;
  const track = video.addTextTrack("captions", "字幕 Captions", "zh-CN");
  track.mode = "showing";
  const captions = () => {
    while (track.cues && track.cues.length) track.removeCue(track.cues[0]);
    for (const said of rows) {
      const at = position(held.recording, said.start);
      const until = position(held.recording, said.end);
      if (at === null) continue;
      const [from, to] = [(at - held.from) / 1000, ((until ?? at + 2000) - held.from) / 1000];
      if (to <= 0 || to <= from || at >= held.to) continue;
      track.addCue(new VTTCue(Math.max(from, 0), to, said.text));
    }
  };
  const trouble = (why) => {
    const box = part("trouble");
    box.hidden = !why;
    for (const words of box.querySelectorAll("[data-why]")) words.hidden = words.dataset.why !== why;
  };
  const show = () => {
    pane.hidden = false;
    root.classList.add("watching");
  };
  const load = (next) => {
    const same = held && held.src === next.src;
    held = next;
    trouble("");
    part("file").textContent = `${next.name || next.recording.file} · SHA-256 ${next.sha256.slice(0, 16)}…`;
    if (same) return;
    video.preload = "metadata";
    video.src = next.src;
    captions();
  };
  const start = (seconds) => {
    const go = () => { video.currentTime = seconds; };
    if (video.readyState >= 1) go();
    else video.addEventListener("loadedmetadata", go, { once: true });
    const playing = video.play();
    if (playing) playing.catch(() => {});
  };
  const recordingOf = (id) => media.recordings.find((one) => one.id === id);
  const ofClip = (clip) => ({ src: clip.src, name: clip.src, recording: recordingOf(clip.recording), sha256: clip.sha256, from: clip.from, to: clip.to });

  const playClip = (clip, ms) => {
    show();
    load(ofClip(clip));
    part("what").textContent = `${clock(clip.start)}–${clock(clip.end)}`;
    const at = ms === undefined ? clip.from : position(held.recording, ms) ?? clip.from;
    start(Math.max(at - clip.from, 0) / 1000);
  };
  const playMoment = (ms) => {
    show();
    for (const recording of media.recordings) {
      const at = recording.src ? position(recording, ms) : null;
      if (at === null) continue;
      load({ src: recording.src, recording, sha256: recording.sha256, from: 0, to: Infinity });
      part("what").textContent = clock(ms);
      start(at / 1000);
      return;
    }
    const clip = media.clips.find((one) => one.start <= ms && ms < one.end);
    if (clip) playClip(clip, ms);
    else {
      video.pause();
      part("what").textContent = clock(ms);
      part("now").textContent = part("file").textContent = "";
      trouble("not_here");
    }
  };

  let now = null;
  const follow = () => {
    if (!held) return;
    const ms = moment(held.recording, held.from + Math.round(video.currentTime * 1000));
    part("now").textContent = clock(ms) + wall(ms);
    const said = rows.findLast((one) => one.start <= ms && ms < Math.max(one.end, one.start + 1000));
    if ((said && said.row) === now) return;
    if (now) now.classList.remove("now");
    now = said ? said.row : null;
    if (now) now.classList.add("now");
  };
  video.addEventListener("timeupdate", follow);
  video.addEventListener("error", () => { if (video.src) trouble("cannot_play"); });

  for (const link of document.querySelectorAll("a.play")) {
    link.setAttribute("role", "button");
    link.addEventListener("click", (event) => {
      const clip = media.clips.find((one) => one.src === link.dataset.clip);
      if (!clip) return;
      event.preventDefault();
      // A clip that several findings share is begun a little before the words of this one.
      playClip(clip, Math.max(Number(link.dataset.from) - 5000, clip.start));
    });
    link.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      link.click();
    });
  }
  const close = () => {
    video.pause();
    pane.hidden = true;
    root.classList.remove("watching");
  };
  part("close").addEventListener("click", close);
  pane.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

  // #t=754 plays that second; the row spoken then is brought into view when one came from outside.
  const jump = (scroll) => {
    const found = /^#t=(\d+(?:\.\d+)?)$/u.exec(location.hash);
    if (!found) return;
    const ms = Number(found[1]) * 1000;
    playMoment(ms);
    const said = rows.findLast((one) => one.start <= ms + 0.5);
    if (scroll && said) said.row.scrollIntoView({ block: "center" });
  };
  window.addEventListener("hashchange", () => jump(false));
  for (const link of document.querySelectorAll('a[href^="#t="]')) {
    link.addEventListener("click", () => { if (link.hash === location.hash) jump(false); });
  }
  jump(true);
})();
(() => {
  // A finding that rests on a recogniser: nothing else can be ticked until someone says to have listened.
  for (const list of document.querySelectorAll(".check")) {
    const first = list.querySelector("input.listened");
    if (!first) continue;
    const others = [...list.querySelectorAll("input:not(.listened)")];
    const hold = () => {
      for (const box of others) {
        box.disabled = !first.checked;
        if (box.disabled) box.checked = false;
      }
    };
    first.addEventListener("change", hold);
    hold();
  }
})();
