import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from 'chart.js';
import { useEffect, useRef } from 'react';
import type { ActivityDay } from '@learnamp/directory-sync';
import { count } from '../words.js';

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, Tooltip);

const series = [
  { label: 'Joined', types: /^UserJoinedGroup$/, colour: '#2f7d4f' },
  { label: 'Left', types: /^UserLeftGroup$/, colour: '#c2410c' },
  { label: 'Details changed', types: /(Changed|Assigned|Unassigned|Removed|Blocked|Unblocked)$/, colour: '#3f51d9' },
] as const;

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** What is said of people, and not of the connection. */
const notOfPeople = /^(Preferences|ConnectionSettings|ScopeGroup|GroupMember)/;

const sumOf = ({ events }: ActivityDay, types: RegExp): number =>
  Object.entries(events).reduce(
    (sum, [type, times]) => (types.test(type) && !notOfPeople.test(type) ? sum + times : sum),
    0,
  );

const dayOf = (day: string): string => dayFormat.format(new Date(`${day}T00:00:00Z`));

/** Changes of people by day: a chart for the eye, and the same numbers as a table. */
export const ActivityChart = ({ days }: { readonly days: ReadonlyArray<ActivityDay> }) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current === null) return undefined;
    const text = getComputedStyle(canvas.current).color;
    const chart = new Chart(canvas.current, {
      type: 'bar',
      data: {
        labels: days.map(({ day }) => dayOf(day)),
        datasets: series.map(({ label, types, colour }) => ({
          label,
          data: days.map((day) => sumOf(day, types)),
          backgroundColor: colour,
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        color: text,
        scales: {
          x: { stacked: true, ticks: { color: text, maxRotation: 0 }, grid: { display: false } },
          y: { stacked: true, beginAtZero: true, ticks: { color: text, precision: 0 } },
        },
        plugins: { legend: { labels: { color: text } } },
      },
    });
    return () => chart.destroy();
  }, [days]);
  return (
    <figure className="chart">
      <div className="canvas">
        <canvas
          ref={canvas}
          role="img"
          aria-label="Changes of people by day; the same numbers stand in the table below"
        />
      </div>
      <details>
        <summary>As a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Day (UTC)</th>
              {series.map(({ label }) => (
                <th key={label} scope="col" className="number">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days
              .filter((day) => series.some(({ types }) => sumOf(day, types) > 0))
              .map((day) => (
                <tr key={day.day}>
                  <th scope="row">{day.day}</th>
                  {series.map(({ label, types }) => (
                    <td key={label} className="number">
                      {count(sumOf(day, types))}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
};
