// Shared styles come first: those of a component may refine them.
import './app/styles/index.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { startLab } from './app/lab/start-lab.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('main: the page has no element #root; index.html was changed')

createRoot(root).render(
  <StrictMode>
    <App running={startLab()} />
  </StrictMode>,
)
