/** What every part of the chat's screen reaches. @module */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Chat } from "../../state/shell/chat.ts";

export const ChatContext = createContext<Chat | undefined>(undefined);

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("There is no chat around this component");
  return chat;
}
