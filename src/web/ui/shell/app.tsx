/** Which screen is shown. @module */
import { t } from "../../i18n/i18n.ts";
import { dialog } from "../../state/shell/dialog.ts";
import { screen } from "../../state/account/session.ts";
import { ChatScreen } from "./chat_screen.tsx";
import { Notices } from "./notices.tsx";
import { SignIn } from "../account/sign_in.tsx";

export function App() {
  return (
    <>
      <Screen />
      {!dialog.value && <Notices />}
    </>
  );
}

function Screen() {
  const shown = screen.value;
  switch (shown.name) {
    case "chat":
      return <ChatScreen chat={shown.chat} />;
    case "sign-in":
      return <SignIn key={shown.invite} invite={shown.invite} notice={shown.notice} />;
    case "broken":
      return (
        <main class="door">
          <h1>{t("brokenTitle")}</h1>
          <p>{shown.reason}</p>
          <button type="button" class="primary" onClick={() => location.reload()}>{t("reload")}</button>
        </main>
      );
    case "loading":
      return null;
  }
}
