import { Survey } from './survey';

export default function Page() {
  return (
    <main>
      <h1>A customer&apos;s app</h1>
      <Survey />
    </main>
  );
}
