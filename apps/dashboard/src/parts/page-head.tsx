import type { ComponentChildren } from 'preact';

/** The title of a view, and what is done with all of it. */
export function PageHead({
  title,
  note,
  children,
}: {
  title: ComponentChildren;
  note?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <header class="page-head">
      <div>
        <h1>{title}</h1>
        {note ? <p class="page-note">{note}</p> : null}
      </div>
      {children ? <div class="page-acts">{children}</div> : null}
    </header>
  );
}
