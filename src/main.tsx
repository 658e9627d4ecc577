import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './app/styles/fonts.css'
import './app/styles/tokens.css'
import './app/styles/base.css'
import './app/styles/controls.css'
import './app/styles/layout.css'
import { App } from './app/app.tsx'
import { startLab } from './app/lab/start-lab.ts'
import { LabProvider } from './app/lab/use-lab-context.tsx'

const root = document.querySelector('#root')
if (root === null) throw new Error('main: the page has no element #root')

createRoot(root).render(
  <StrictMode>
    <LabProvider running={startLab()}>
      <App />
    </LabProvider>
  </StrictMode>,
)
