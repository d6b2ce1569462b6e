import { describe, expect, it } from 'vitest';
import { avatarOf, openPhotos, photosAsked, picture, small, writesOf } from '../../support/photos.js';
import { facts, succeeded } from '../../support/report.js';

const latin = (text: string): string => picture(text).toString('latin1');

describe('FC-68 photos are never in delta', () => {
  it('a picture that changed alone is found by the lane, and sent once', async () => {
    const stage = await openPhotos();
    const ann = stage.hire('Ann Lee');
    stage.directory.setPhoto(ann, picture('one'), small);
    await stage.sync();
    stage.directory.setPhoto(ann, picture('two'), small);
    const report = await stage.sync();
    expect(facts(report)).toEqual({ PhotoChanged: 1, CommandSucceeded: 1 });
    expect(succeeded(report)).toEqual({ SetAvatar: 1 });
    expect(avatarOf(stage, ann)).toBe(latin('two'));
  });

  it('the same bytes under another etag are noted and not sent', async () => {
    const stage = await openPhotos();
    const ann = stage.hire('Ann Lee');
    stage.directory.setPhoto(ann, picture('one'), small);
    await stage.sync();
    stage.directory.setPhoto(ann, picture('one'), small);
    await stage.sync();
    expect(writesOf(stage, ann)).toBe(1);
    photosAsked(stage);
    expect((await stage.sync()).events).toEqual({});
    expect(photosAsked(stage)).toEqual(['photo']);
  });

  it('comes behind everything else: accounts, managers and deactivations are done before the first photo is asked for', async () => {
    const stage = await openPhotos();
    const crew = stage.crew(8);
    await stage.sync();
    const [ann = '', ben = '', cleo = ''] = crew;
    stage.directory.setManager(ann, ben);
    stage.leave(cleo);
    for (const id of crew.slice(0, 2)) stage.directory.setPhoto(id, picture(id), small);
    stage.hire('New Comer');
    stage.simulator.requests.reset();
    await stage.sync();
    const asked = stage.simulator.requests.all();
    const isPhoto = (path: string) => /\/photos?(\/|$)/.test(path);
    const first = asked.findIndex(({ path, items }) => isPhoto(path) || items.some((item) => isPhoto(item.path)));
    const last = asked.findLastIndex(({ system, method }) => system === 'learnAmp' && method !== 'GET');
    expect(first).toBeGreaterThan(-1);
    expect(last).toBeLessThan(first);
    expect(stage.learnAmp.deactivations()).toHaveLength(1);
  });

  it('goes on behind the place where it stopped, in another process, and repeats nobody who was done', async () => {
    const stage = await openPhotos();
    const crew = stage.crew(220);
    for (const id of crew) stage.directory.setPhoto(id, picture(id), small);
    const broken = stage.simulator.faults.add({ system: 'graph', path: /\/photo/, from: 360, action: { status: 503 } });
    await stage.reopen({ patienceMs: 250 });
    await stage.sync();
    expect(broken.hits()).toBeGreaterThan(0);
    const done = crew.filter((id) => writesOf(stage, id) > 0).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(220);
    broken.remove();
    await stage.reopen();
    await stage.sync();
    for (const id of crew) expect(writesOf(stage, id)).toBe(1);
  });
});
